using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Principle;
using Xunit;

namespace LogitSeparation.Core.Tests.Principle;

/// <summary>Critical values against their formulas, and against minima found in other ways.</summary>
public sealed class CriticalValueTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(8, 10)]
    [InlineData(128, 1000)]
    public void Closed_forms(int m, int k)
    {
        var request = new AlignmentRequest { BatchSize = m, ClassCount = k, Options = new() { Gamma = 2.5, Alpha = 0.8, NoiseCount = 7, ZWeight = 0.9, FocalGamma = 3.5 } };
        AssertExcess("BatchCE", Math.Log(2) / m);
        AssertExcess("BinaryCE", 2 * Math.Log(2) / m);
        AssertExcess("BatchMaxMargin", m == 1 ? 5 : 2.5 / m);
        AssertExcess("SelfNorm", Math.Log(2) / m);
        AssertExcess("ZLoss", Math.Log(2) / m);
        AssertExcess("UnifiedCE", 2 * Math.Log(2) / m);
        AssertExcess("SigmoidCE", 2 * Math.Log(2) / m);
        AssertExcess("PriorBCE", 2 * Math.Log(2) / m);
        AssertExcess("FocalBCE", Math.Pow(2, 1 - 3.5) * Math.Log(2) / m);
        AssertExcess("SmoothAP", 1.0 / (m * ((2 * m) + 1)));
        var c = 7.0 / k;
        AssertExcess("NCE", (H(2 * c) - H(c)) / m, H(c));

        void AssertExcess(string loss, double excess, double infimum = 0)
        {
            var alignment = AlignmentHarness.Run(loss, request);
            Assert.True(alignment.Aligned);
            Assert.Equal(AlignmentEvidence.ClosedForm, alignment.Evidence);
            Assert.Equal(infimum, alignment.Infimum, 1e-13);
            Assert.Equal(excess, alignment.CriticalExcess!.Value, 1e-13);
            Assert.Equal(excess, alignment.LeastExcess!.Value, 1e-13);
            Assert.Equal(infimum + excess, alignment.CriticalValue!.Value, 1e-13);
            Assert.InRange(alignment.CriticalValue.Value - alignment.CertifiedLowerBound!.Value, 0, 1e-13);
            Assert.InRange(alignment.Ratio!.Value, 1, 1 + 1e-11);
        }
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-6)]
    [InlineData(0.1)]
    [InlineData(0.476)]
    [InlineData(0.478)]
    [InlineData(3)]
    [InlineData(1e300)]
    public void Self_normalization_is_the_least_of_two_kinds_of_violations(double alpha)
    {
        var alignment = AlignmentHarness.Run("SelfNorm", new() { BatchSize = 4, Options = new() { Alpha = alpha } });
        Assert.True(alignment.CriticalExcess > 0);
        Assert.InRange(alignment.Ratio!.Value, 1, 1.0000001);

        // The two logarithms of normalisers and the tie, on their own: a search by thirds in one another.
        double First(double a) => a >= -1 / (2 * alpha) ? alpha * a * a : -a - (1 / (4 * alpha));
        double Second(double b) => Least(w => -Math.Log(-double.ExpM1(-w)) + (alpha * (b + w) * (b + w)), 1e-9, 800);
        var between = alpha is > 1e-10 and < 1e10 ? Least(a => First(a) + Second(a), -200, 0) : double.PositiveInfinity;
        if (alpha > 1e-10)
            Assert.Equal(Math.Min(Math.Log(2), between) / 4, alignment.CriticalExcess!.Value, 1e-9);
        Assert.Equal(alpha < 0.477 ? AlignmentEvidence.Certified : AlignmentEvidence.ClosedForm, alignment.Evidence);
        Assert.Equal(alpha < 0.477, alignment.Configuration!.Pair.TrueExample != alignment.Configuration.Pair.FalseExample);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(2)]
    [InlineData(20)]
    public void A_focal_tie_is_cheapest_at_0(double gamma)
    {
        double F(double x) => Math.Pow(1 / (1 + Math.Exp(-x)), gamma) * Math.Log(1 + Math.Exp(x));
        var excess = AlignmentHarness.Run("FocalBCE", new() { BatchSize = 1, Options = new() { FocalGamma = gamma } }).CriticalExcess!.Value;
        Assert.Equal(2 * F(0), excess, 1e-15);
        for (var a = -40.0; a <= 40; a += 0.01)
            Assert.True(F(a) + F(-a) >= excess * (1 - 1e-13), $"{a}");
    }

    [Fact]
    public void Logit_adjustment_is_aligned_for_one_example_alone()
    {
        int[] counts = [60, 3, 0, 20];
        var request = new AlignmentRequest { BatchSize = 1, ClassCount = 4, ClassCounts = counts, Options = new() { Tau = 1.5 } };
        foreach (int[]? labels in new[] { null, new[] { 1 }, new[] { 2 } })
        {
            var alignment = AlignmentHarness.Run("LogitAdjustedCE", request with { Labels = labels });
            var (label, rarest) = (labels?[0] ?? 0, labels?[0] == 2 ? 1 : 2);
            Assert.Equal(Math.Log(1 + Math.Pow(Math.Max(counts[rarest], 0.5) / Math.Max(counts[label], 0.5), 1.5)), alignment.CriticalValue!.Value, 1e-13);
            Assert.Equal(alignment.Attained!.Value, AlignmentHarness.Value(alignment, AlignmentHarness.AssertViolates(alignment), counts), 1e-12);
        }
    }

    [Theory]
    [InlineData(2, 1e-6)]
    [InlineData(3, 0.3)]
    [InlineData(8, 0.1)]
    [InlineData(8, 0.15)]
    [InlineData(128, 0.9)]
    [InlineData(128, 1e-6)]
    public void Batch_cross_entropy_with_epsilon_is_the_least_over_all_shares(int m, double epsilon)
    {
        var alignment = AlignmentHarness.Run("BatchCE", new() { BatchSize = m, Options = new() { Epsilon = epsilon } });

        // By concavity the other m - 1 shares are equal, so that the pair's is all that is left.
        double Loss(double share) => -((Math.Log(share + epsilon) + ((m - 1) * Math.Log(((1 - (2 * share)) / (m - 1)) + epsilon))) / m) - Math.Log(m);
        Assert.Equal(-Math.Log(1 + (m * epsilon)), alignment.Infimum, 1e-12);
        Assert.Equal(Least(Loss, 0, 0.5), alignment.CriticalValue!.Value, 1e-12);
        Assert.True(alignment.CriticalExcess > 0);
    }

    [Fact]
    public void Nce_of_classes_of_different_frequency_is_the_least_over_labels_pairs_and_ties()
    {
        int[] counts = [40, 3, 11, 7];
        for (var m = 1; m <= 3; m++)
        {
            var request = new AlignmentRequest
            {
                BatchSize = m,
                ClassCount = 4,
                ClassCounts = counts,
                Options = new() { NoisePrior = NoisePrior.ClassFrequency, NoiseCount = 4 },
            };
            var c = Array.ConvertAll(counts, count => 4 * count / 61.0);
            var (smallest, leastExcess) = (double.PositiveInfinity, double.PositiveInfinity);
            for (var code = 0; code < Math.Pow(4, m); code++)
            {
                var labels = Enumerable.Range(0, m).Select(i => (code >> (2 * i)) % 4).ToArray();
                var infimum = labels.Average(label => H(c[label]));
                var excess = SmallestExcess(labels, c);
                (smallest, leastExcess) = (Math.Min(smallest, infimum + excess), Math.Min(leastExcess, excess));
                var given = AlignmentHarness.Run("NCE", request with { Labels = labels });
                Assert.Equal(infimum, given.Infimum, 1e-12);
                Assert.Equal(excess, given.CriticalExcess!.Value, 1e-9);
            }

            var chosen = AlignmentHarness.Run("NCE", request);
            Assert.Equal(smallest, chosen.CriticalValue!.Value, 1e-9);
            Assert.Equal(leastExcess, chosen.LeastExcess!.Value, 1e-9);
            Assert.All(chosen.Configuration!.Labels, label => Assert.Equal(1, label));
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 7)]
    [InlineData(3, 5)]
    public void A_sample_of_separate_terms_is_a_batch_of_its_size(int m, int n)
    {
        foreach (var loss in new[] { "SelfNorm", "NCE", "BinaryCE", "ZLoss", "UnifiedCE", "SigmoidCE", "FocalBCE" })
        {
            var sample = AlignmentHarness.Run(loss, new() { BatchSize = m, ExampleCount = n });
            var batch = AlignmentHarness.Run(loss, new() { BatchSize = n });
            Assert.Equal(batch.CriticalExcess, sample.CriticalExcess);
            Assert.Equal(batch.Infimum, sample.Infimum);
        }

        var margin = AlignmentHarness.Run("BatchMaxMargin", new() { BatchSize = m, ExampleCount = n });
        Assert.Equal((m - 1.0) / (n * (n - 1)), margin.CriticalExcess!.Value, 1e-15);
        var precision = AlignmentHarness.Run("SmoothAP", new() { BatchSize = m, ExampleCount = n });
        Assert.Equal((m - 1.0) / (n * (n - 1) * ((2 * m) + 1)), precision.CriticalExcess!.Value, 1e-15);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(2, 1000)]
    [InlineData(8, 9)]
    [InlineData(128, 60000)]
    [InlineData(1000, 10_000_000)]
    public void Batch_cross_entropy_of_a_sample_is_certified_to_many_digits(int m, int n)
    {
        var alignment = AlignmentHarness.Run("BatchCE", new() { BatchSize = m, ExampleCount = n });
        Assert.Equal(AlignmentEvidence.Certified, alignment.Evidence);
        Assert.InRange(alignment.Ratio!.Value, 1, 1 + 1e-6);
        Assert.True(alignment.CriticalValue < Math.Log(2) / n);

        // As n grows, n times the value goes to m log(1 - 1/(2m)) + log 2 + (m-1) log(1 + 1/(2(m-1))), with the tie at -log 2.
        if (n < 1000)
            return;
        var limit = (m * double.LogP1(-0.5 / m)) + Math.Log(2) + ((m - 1) * double.LogP1(0.5 / (m - 1)));
        Assert.Equal(limit, n * alignment.CriticalValue!.Value, 0.01);
    }

    [Fact]
    public void Catalogue_and_analysis_agree_on_what_is_aligned()
    {
        foreach (var info in LossCatalog.Known)
            Assert.Equal(info.Aligned, AlignmentHarness.Run(info.Name, new() { BatchSize = 2 }).Aligned);
    }

    private static double H(double c) => ((1 + c) * Math.Log(1 + c)) - (c * Math.Log(c));

    private static double SmallestExcess(int[] labels, double[] c)
    {
        var least = double.PositiveInfinity;
        foreach (var y in labels)
        {
            for (var j = 0; j < c.Length; j++)
            {
                var d = c[j];
                if (Array.Exists(labels, label => label != j))
                    least = Math.Min(least, Least(a => True(a, c[y]) + (d * Math.Log(1 + (Math.Exp(a) / d))), -30, 5) - H(c[y]));
            }
        }

        return least / labels.Length;

        static double True(double a, double c) => Math.Log(1 + (c * Math.Exp(-a))) + (c * Math.Log(1 + (Math.Exp(a) / c)));
    }

    /// <summary>The minimum of a function that falls and then rises, by thirds.</summary>
    private static double Least(Func<double, double> function, double low, double high)
    {
        for (var i = 0; i < 200; i++)
        {
            var (left, right) = (low + ((high - low) / 3), high - ((high - low) / 3));
            (low, high) = function(left) < function(right) ? (low, right) : (left, high);
        }

        return function((low + high) / 2);
    }
}
