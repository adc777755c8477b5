using FsCheck.Xunit;
using LogitSeparation.Core.Losses;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Losses;

/// <summary>The losses beyond the paper's against plain formulas, and where they are one of the paper's seven.</summary>
public sealed class LossLimitTests
{
    private const int M = 7, K = 5;

    private static readonly int[] Counts = [9, 1, 4, 2, 30];

    [Property(MaxTest = 25)]
    public void Values_are_those_of_plain_formulas(int seed)
    {
        var (logits, labels) = LossHarness.RandomBatch(seed, M, K);
        var random = new Random(seed);
        var options = new LossOptions
        {
            ZWeight = random.NextDouble(),
            UnifiedBias = 4 * random.NextDouble(),
            SigmoidScale = 0.1 + (5 * random.NextDouble()),
            SigmoidBias = -9 * random.NextDouble(),
            FocalGamma = 5 * random.NextDouble(),
            Tau = 2 * random.NextDouble(),
            Temperature = 0.1 + random.NextDouble(),
        };
        Equal("ZLoss", Mean(i => Softmax(i, z => z) + (options.ZWeight * Math.Pow(Math.Log(Row(i).Sum(Math.Exp)), 2))));
        Equal("UnifiedCE", Mean(i => Terms(i, x => Math.Log(1 + Math.Exp(x)), z => z - options.UnifiedBias!.Value)));
        Equal("SigmoidCE", Mean(i => Terms(i, x => Math.Log(1 + Math.Exp(x)), z => (options.SigmoidScale * z) + options.SigmoidBias)));
        Equal("PriorBCE", Mean(i => Terms(i, x => Math.Log(1 + Math.Exp(x)), z => z)));
        Equal("FocalBCE", Mean(i => Terms(i, x => Math.Pow(1 / (1 + Math.Exp(-x)), options.FocalGamma) * Math.Log(1 + Math.Exp(x)), z => z)));
        var priors = Array.ConvertAll(Counts, count => options.Tau * Math.Log(count / 46.0));
        Equal("LogitAdjustedCE", Mean(i => -Math.Log(
            Math.Exp(Row(i)[labels[i]] + priors[labels[i]]) / Row(i).Zip(priors, (z, prior) => Math.Exp(z + prior)).Sum())));
        Equal("SmoothAP", 1 - Mean(i => SmoothPrecision(logits[(i * K) + labels[i]])));

        void Equal(string name, double expected)
        {
            foreach (var type in new[] { torch.ScalarType.Float64, torch.ScalarType.Float32 })
            {
                var value = LossHarness.Evaluate(name, logits, labels, K, type, options, Counts).Value;
                Assert.Equal(expected, value, (type == torch.ScalarType.Float64 ? 1e-12 : 2e-6) * (1 + expected));
            }
        }

        double[] Row(int i) => logits[(i * K)..((i + 1) * K)];
        double Mean(Func<int, double> loss) => Enumerable.Range(0, M).Average(loss);
        double Softmax(int i, Func<double, double> logit) => Math.Log(Row(i).Sum(z => Math.Exp(logit(z)))) - logit(Row(i)[labels[i]]);
        double Terms(int i, Func<double, double> term, Func<double, double> logit) =>
            Row(i).Select((z, j) => term(j == labels[i] ? -logit(z) : logit(z))).Sum();

        double SmoothPrecision(double threshold)
        {
            var (trueRank, rank) = (0.5, 0.5);
            for (var at = 0; at < logits.Length; at++)
            {
                var step = 1 / (1 + Math.Exp((threshold - logits[at]) / options.Temperature));
                trueRank += at % K == labels[at / K] ? step : 0;
                rank += step;
            }

            return trueRank / rank;
        }
    }

    [Property(MaxTest = 25)]
    public void In_their_limits_they_are_losses_of_the_paper(int seed)
    {
        var (logits, labels) = LossHarness.RandomBatch(seed, M, K);
        Same("ZLoss", new() { ZWeight = 0 }, "CE");
        Same("ZLoss", new() { ZWeight = 0.1 }, "SelfNorm");
        Same("UnifiedCE", new() { UnifiedBias = 0 }, "BinaryCE");
        Same("SigmoidCE", new() { SigmoidScale = 1, SigmoidBias = 0 }, "BinaryCE");
        Same("PriorBCE", new(), "BinaryCE");
        Same("FocalBCE", new() { FocalGamma = 0 }, "BinaryCE");
        Same("LogitAdjustedCE", new() { Tau = 0 }, "CE");
        Same("LogitAdjustedCE", new(), "CE", counts: [3, 3, 3, 3, 3]);

        void Same(string name, LossOptions options, string of, int[]? counts = null)
        {
            foreach (var asTable in new[] { false, true })
            {
                foreach (var (type, tolerance) in new[] { (torch.ScalarType.Float64, 1e-13), (torch.ScalarType.Float32, 3e-6) })
                {
                    var (value, gradient) = LossHarness.Evaluate(name, logits, labels, K, type, options, counts ?? Counts, asTable: asTable);
                    var (expected, expectedGradient) = LossHarness.Evaluate(of, logits, labels, K, type, new(), asTable: asTable);
                    Assert.Equal(expected, value, tolerance * (1 + expected));
                    for (var i = 0; i < gradient.Length; i++)
                        Assert.Equal(expectedGradient[i], gradient[i], tolerance);
                }
            }
        }
    }

    [Property(MaxTest = 25)]
    public void Smooth_average_precision_goes_to_the_average_precision_of_all_logits(int seed)
    {
        var (logits, labels) = LossHarness.RandomBatch(seed, M, K);
        var ranked = Enumerable.Range(0, M * K).OrderByDescending(at => logits[at]).Select(at => at % K == labels[at / K]).ToArray();
        var precision = Enumerable.Range(0, ranked.Length).Where(at => ranked[at])
            .Average(at => ranked.Take(at + 1).Count(isTrue => isTrue) / (at + 1.0));
        var value = LossHarness.Evaluate("SmoothAP", logits, labels, K, options: new() { Temperature = 1e-6 }).Value;
        Assert.Equal(1 - precision, value, 1e-3);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void The_binary_loss_begins_small_where_the_head_begins_at_the_prior(int k)
    {
        TestDevice.Open();
        using var loss = LossCatalog.Create("PriorBCE", new(new(), new int[k], Seed: 0));
        Assert.Equal(-Math.Log(k - 1), loss.InitialHeadBias, 1e-9);
        var logits = Enumerable.Repeat(loss.InitialHeadBias, 2 * k).ToArray();
        var value = LossHarness.Evaluate("PriorBCE", logits, [0, 1], k).Value;
        Assert.Equal(Math.Log(k) - ((k - 1) * double.LogP1(-1.0 / k)), value, 1e-6);
        Assert.True(value < Math.Log(k) + 1);
        using var given = LossCatalog.Create("PriorBCE", new(new() { Prior = 0.2 }, new int[k], Seed: 0));
        Assert.Equal(-Math.Log(4), given.InitialHeadBias, 1e-12);
    }

    [Fact]
    public void A_class_without_examples_counts_as_half_an_example()
    {
        var offsets = LogitAdjustedCrossEntropy.Offsets([6, 0, 2], 2);
        Assert.Equal([2 * Math.Log(6 / 8.0), 2 * Math.Log(0.5 / 8), 2 * Math.Log(2 / 8.0)], offsets);
        Assert.Equal([0], LogitAdjustedCrossEntropy.Offsets([0, 0], 1));
    }
}
