using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Runtime;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Losses;

public sealed class SampledLossTests
{
    private static readonly float[] Logits = [0.3f, -1.2f, 2.5f, 0.1f, -0.4f, 1.1f, 3.0f, -2.0f, 0.9f, 0.2f];
    private static readonly long[] Labels = [2, 0];

    // With one draw an example, a step's loss depends on one pair of draws; each of the (k - 1)² pairs is equally likely.
    [Fact]
    public void The_mean_over_all_pairs_of_draws_is_the_binary_cross_entropy()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor(Logits, 2, 5, device: device);
        var labels = torch.tensor(Labels, device: device);
        using var whole = LossCatalog.Create("BinaryCE", new(new(), new int[5], 0));
        using var loss = new SampledBinaryCrossEntropy(5, 1, seed: 4);
        var (expected, gradient) = whole.Evaluate(logits, labels, 0);
        var seen = new HashSet<(long, long)>();
        var sum = torch.zeros_like(gradient);
        var total = 0.0;
        for (var step = 0L; seen.Count < 16; step++)
        {
            Assert.True(step < 10_000);
            var draws = loss.Draw(Labels, step);
            Assert.True(draws[0] != Labels[0] && draws[1] != Labels[1]);
            if (!seen.Add((draws[0], draws[1])))
                continue;
            var (value, part) = loss.Evaluate(logits, labels, step);
            total += value.item<double>();
            sum.AddInPlace(part);
        }

        Assert.Equal(expected.item<double>(), total / 16, 1e-6);
        Assert.True(sum.DivideInPlace(16).allclose(gradient, 1e-5, 1e-7));
    }

    [Theory]
    [InlineData("NCE")]
    [InlineData("BinaryCE")]
    [InlineData("PriorBCE")]
    public void The_logits_of_labels_and_draws_alone_give_the_loss_and_its_gradient(string name)
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var options = new LossOptions { NoiseSampling = NoiseSampling.Sampled, NoiseCount = 2, NegativeCount = 2, NoisePrior = NoisePrior.ClassFrequency };
        using var loss = (SampledLoss)LossCatalog.Create(name, new(options, [1, 2, 3, 0, 4], 7));
        foreach (var type in new[] { torch.float32, torch.float64 })
        {
            var logits = torch.tensor(Logits, 2, 5, device: device).to(type);
            var draws = loss.Draw(Labels, 3);
            var sample = new SampledClasses(Labels, draws);
            Assert.Equal([Labels[0], draws[0], draws[1], Labels[1], draws[2], draws[3]], Array.ConvertAll(sample.Places, place => sample.Classes[place]));
            var index = torch.tensor(sample.Places, device: device).view(2, 3);
            var classes = torch.tensor(sample.Classes, device: device);
            var (value, gradient) = loss.Evaluate(logits, torch.tensor(Labels, device: device), 3);
            var (some, slopes) = loss.EvaluateDrawn(logits.index_select(1, classes).gather(1, index), Labels, draws);
            Assert.Equal(value.item<double>(), some.item<double>(), type == torch.float32 ? 1e-6 : 1e-12);
            Assert.True(torch.zeros_like(gradient).scatter_add_(1, classes.index_select(0, index.flatten()).view(2, 3), slopes).allclose(gradient, 1e-6, 1e-8));
        }
    }

    [Fact]
    public void A_prior_changes_where_the_head_starts_and_not_the_loss()
    {
        TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var options = new LossOptions { NegativeCount = 2 };
        using var plain = LossCatalog.Create("BinaryCE", new(options, new int[5], 7));
        using var prior = LossCatalog.Create("PriorBCE", new(options, new int[5], 7));
        var (logits, labels) = (torch.tensor(Logits, 2, 5), torch.tensor(Labels));
        Assert.Equal(plain.Evaluate(logits, labels, 3).Value.item<double>(), prior.Evaluate(logits, labels, 3).Value.item<double>());
        Assert.Equal((0, -Math.Log(4)), (plain.InitialHeadBias, prior.InitialHeadBias));
    }

    [Fact]
    public void A_single_class_has_no_negatives_to_count()
    {
        TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var loss = new SampledBinaryCrossEntropy(1, 2, seed: 0);
        var (value, _) = loss.Evaluate(torch.tensor([0f, 0f], 2, 1), torch.tensor([0L, 0L]), 0);
        Assert.Equal(Math.Log(2), value.item<double>(), 1e-12);
    }
}
