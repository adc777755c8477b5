using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Principle;
using LogitSeparation.Core.Tests.Losses;
using Xunit;

namespace LogitSeparation.Core.Tests.Principle;

/// <summary>Losses that are not aligned: violating logits with a loss as small as one likes.</summary>
public sealed class CounterexampleTests
{
    [Theory]
    [InlineData("CE", 1e-6, 2, 2)]
    [InlineData("CE", 1e-12, 128, 1000)]
    [InlineData("CE", 100, 3, 4)]
    [InlineData("MaxMargin", 1e-6, 2, 2)]
    [InlineData("MaxMargin", 1e-12, 8, 10)]
    [InlineData("LogitAdjustedCE", 1e-6, 2, 2)]
    [InlineData("LogitAdjustedCE", 1e-12, 16, 300)]
    public void The_papers_family_is_below_any_number(string loss, double below, int m, int k)
    {
        var alignment = AlignmentHarness.Run(loss, new()
        {
            BatchSize = m,
            ClassCount = k,
            ClassCounts = loss == "LogitAdjustedCE" ? [.. Enumerable.Range(0, k).Select(j => j * j)] : null,
            Below = below,
            Options = new() { Gamma = 3 },
        });
        Assert.False(alignment.Aligned);
        Assert.Null(alignment.CriticalValue);
        Assert.Null(alignment.CriticalExcess);
        Assert.Null(alignment.LeastExcess);
        Assert.Null(alignment.CertifiedLowerBound);
        Assert.Null(alignment.Ratio);
        Assert.Equal(0, alignment.Infimum);
        var counts = loss == "LogitAdjustedCE" ? Enumerable.Range(0, k).Select(j => j * j).ToArray() : null;
        var value = AlignmentHarness.Value(alignment, AlignmentHarness.AssertViolates(alignment), counts);
        Assert.InRange(value, 0, Math.BitDecrement(below));
        Assert.Equal(alignment.Attained!.Value, value, (1e-9 * below) + 3e-14);
    }

    [Fact]
    public void With_two_classes_it_is_the_papers_table()
    {
        var alignment = AlignmentHarness.Run("MaxMargin", new() { BatchSize = 2, ClassCount = 2 });
        Assert.Equal([2, 1, -2, -1], alignment.Configuration!.ToLogits().DoubleLogits.ToArray());
        Assert.Equal([0, 1], alignment.Configuration.Labels);
    }

    [Theory]
    [InlineData("CE", 0.6931471805599453)]
    [InlineData("MaxMargin", 3)]
    public void One_example_alone_is_in_order_where_the_loss_is_small(string loss, double critical)
    {
        var alignment = AlignmentHarness.Run(loss, new() { BatchSize = 1, ClassCount = 5, Options = new() { Gamma = 3 } });
        Assert.True(alignment.Aligned);
        Assert.Equal(critical, alignment.CriticalValue!.Value, 1e-15);
        Assert.NotNull(alignment.Note);
        Assert.Equal(critical, AlignmentHarness.Value(alignment, AlignmentHarness.AssertViolates(alignment)), 1e-12);
        Assert.False(AlignmentHarness.Run(loss, new() { BatchSize = 1, ExampleCount = 2 }).Aligned);
    }

    [Theory]
    [InlineData("BatchCE", 0)]
    [InlineData("BatchCE", 0.1)]
    [InlineData("BatchMaxMargin", 0)]
    [InlineData("SmoothAP", 0)]
    public void Batches_of_one_example_do_not_compare_any(string loss, double epsilon)
    {
        var alignment = AlignmentHarness.Run(loss, new() { BatchSize = 1, ExampleCount = 3, Options = new() { Epsilon = epsilon } });
        Assert.False(alignment.Aligned);
        var value = AlignmentHarness.Value(alignment, AlignmentHarness.AssertViolates(alignment));
        Assert.InRange(value - alignment.Infimum, -1e-15, 1e-6);
        Assert.Equal(alignment.Attained!.Value, value, 1e-12);
    }

    [Fact]
    public void Noise_that_never_draws_a_class_leaves_its_false_logits_free()
    {
        var options = new LossOptions { NoisePrior = NoisePrior.ClassFrequency };
        int[] counts = [3, 0, 5];
        foreach (var labels in new int[]?[] { null, [1, 1, 1], [1, 0, 1], [2, 2, 0] })
        {
            var alignment = AlignmentHarness.Run("NCE", new() { BatchSize = 3, ClassCount = 3, ClassCounts = counts, Labels = labels, Options = options });
            Assert.False(alignment.Aligned);
            Assert.Null(alignment.CriticalExcess);
            Assert.Contains("Class 1", alignment.Note, StringComparison.Ordinal);
            var value = AlignmentHarness.Value(alignment, AlignmentHarness.AssertViolates(alignment), counts);
            Assert.Equal(alignment.Infimum, value, 1e-12);
        }
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    public void Sampled_noise_leaves_classes_free_in_every_step(int k, int t)
    {
        var options = new LossOptions { NoiseCount = t, NoiseSampling = NoiseSampling.Sampled };
        var alignment = AlignmentHarness.Run("NCE", new() { BatchSize = 4, ClassCount = k, Options = options });
        Assert.False(alignment.Aligned);
        Assert.Contains("Exact", alignment.Note, StringComparison.Ordinal);
        AlignmentHarness.AssertViolates(alignment);
        var proof = SampledNoiseAlignment.Analyse(AlignmentProblem.Of(new() { BatchSize = 4, ClassCount = k, Options = options }));
        Assert.Equal(alignment.Infimum, Value(alignment.Configuration!, options, proof.Step), 1e-12);

        // No logits have less for these draws: not even a descent finds any.
        var (table, labels) = LossHarness.RandomBatch(3, 4, k);
        var random = new ViolatingLogits([.. alignment.Configuration!.Labels], k, new(0, 0, ViolatingPair.AnyFalseClass(alignment.Configuration.Labels[0])), table);
        Assert.True(Value(random, options, proof.Step) > alignment.Infimum);
        Assert.Equal(4, labels.Length);
    }

    [Fact]
    public void Noise_that_draws_every_class_has_no_counterexample_to_show()
    {
        var options = new LossOptions { NoiseCount = 2000, NoiseSampling = NoiseSampling.Sampled };
        var alignment = AlignmentHarness.Run("NCE", new() { BatchSize = 2, ClassCount = 2, Options = options });
        Assert.False(alignment.Aligned);
        Assert.Null(alignment.Configuration);
        Assert.Null(alignment.Attained);

        // About half of the draws are of the label: h of some 1000 draws each.
        Assert.InRange(alignment.Infimum, 7.8, 8.1);
    }

    private static double Value(ViolatingLogits configuration, LossOptions options, long step)
    {
        // The harness draws with seed 3; the analysis with 0.
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var loss = LossCatalog.Create("NCE", new(options, new int[configuration.ClassCount], Seed: 0));
        return new LossAdversary(loss, [.. configuration.Labels], configuration.ClassCount, 1, step)
            .Evaluate(configuration.ToLogits().DoubleLogits.ToArray()).Value;
    }
}
