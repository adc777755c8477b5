using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation.Statistics;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation.Statistics;

/// <summary>The tests of paired differences, against published examples.</summary>
public sealed class PairedTests
{
    /// <summary>
    /// Hours of sleep gained by two soporifics: Student (1908), The probable error of a mean, Biometrika 6; the data set "sleep" of R,
    /// whose documentation gives t = -4.0621, df = 9, p = 0.002833 and the 95 percent interval -2.4598858 … -0.7001142.
    /// </summary>
    private static readonly double[] SleepFirst = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    private static readonly double[] SleepSecond = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    /// <summary>
    /// Heights of crossed less self-fertilised maize in eighths of an inch, Darwin's data: Fisher (1935), The Design of Experiments,
    /// sections 16 to 18, gives the mean 20.933, t = 2.148, and a probability just below 5 percent.
    /// </summary>
    private static readonly double[] Darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

    /// <summary>
    /// Hamilton depression scale before and after a tranquilliser: Hollander and Wolfe (1973), Nonparametric Statistical Methods, p. 29;
    /// the example of R's wilcox.test: V = 40, one-sided p = 0.01953.
    /// </summary>
    private static readonly double[] HamiltonBefore = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30];
    private static readonly double[] HamiltonAfter = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];

    [Fact]
    public void T_of_Students_sleep_data()
    {
        var test = PairedT.Test(Subtract(SleepFirst, SleepSecond))!;

        Assert.Equal((TestKind.PairedT, 10), (test.Test, test.PairCount));
        Assert.Equal(-4.0621, test.Statistic, 5e-5);
        Assert.Equal(0.002833, test.PValue, 5e-7);
        var interval = SampleSummary.Of(Subtract(SleepFirst, SleepSecond)).Interval!;
        Assert.Equal(-2.4598858, interval.Lower, 5e-8);
        Assert.Equal(-0.7001142, interval.Upper, 5e-8);
    }

    [Fact]
    public void T_of_Darwins_maize()
    {
        var test = PairedT.Test(Darwin)!;

        Assert.Equal(20.933, SampleSummary.Of(Darwin).Mean, 5e-4);
        Assert.Equal(2.148, test.Statistic, 5e-4);
        Assert.InRange(test.PValue, 0.0490, 0.05);
    }

    [Fact]
    public void Signed_ranks_of_the_depression_scale()
    {
        var test = WilcoxonSignedRank.Test(Subtract(HamiltonBefore, HamiltonAfter))!;

        Assert.Equal((40.0, 9, true), (test.Statistic, test.PairCount, test.IsExact));
        Assert.Equal(10 / 512.0, test.PValue / 2, 1e-15);
    }

    [Theory]
    [InlineData(6, 0, 0.03125)]
    [InlineData(6, 1, 0.0625)]
    [InlineData(7, 2, 0.046875)]
    [InlineData(8, 3, 0.0390625)]
    [InlineData(10, 8, 0.048828125)]
    [InlineData(15, 25, 0.04791259765625)]
    [InlineData(20, 52, 0.048441)]
    public void The_exact_distribution_is_that_of_the_published_tables(int n, int smallerSum, double p)
    {
        // The critical values at two-sided 5 percent are 0, 2, 3, 8, 25, 52 for n = 6, 7, 8, 10, 15, 20 (Wilcoxon and Wilcox 1964, table 2).
        var test = WilcoxonSignedRank.Test(WithSumOfNegativeRanks(n, smallerSum))!;

        Assert.Equal(n * (n + 1) / 2 - smallerSum, test.Statistic);
        Assert.Equal(p, test.PValue, 5e-7);
    }

    [Property]
    public void Exact_p_is_the_share_of_signs_as_extreme(int seed)
    {
        // Small whole numbers: full of ties and zeros.
        var random = new Random(seed);
        var differences = Enumerable.Range(0, random.Next(1, 11)).Select(_ => (double)random.Next(-4, 5)).ToArray();
        var nonzero = differences.Where(d => d != 0).ToArray();
        if (nonzero.Length == 0)
        {
            Assert.Null(WilcoxonSignedRank.Test(differences));
            return;
        }

        var ranks = nonzero.Select(d => nonzero.Count(e => Math.Abs(e) < Math.Abs(d)) + (nonzero.Count(e => Math.Abs(e) == Math.Abs(d)) + 1) / 2.0).ToArray();
        var centre = ranks.Sum() / 2;
        var observed = ranks.Where((_, i) => nonzero[i] > 0).Sum();
        var extreme = Enumerable.Range(0, 1 << ranks.Length).Count(signs =>
            Math.Abs(ranks.Where((_, i) => (signs >> i & 1) == 1).Sum() - centre) >= Math.Abs(observed - centre) - 1e-9);

        var test = WilcoxonSignedRank.Test(differences)!;
        Assert.Equal(observed, test.Statistic, 1e-12);
        Assert.Equal(extreme / (double)(1 << ranks.Length), test.PValue, 1e-12);
    }

    [Fact]
    public void Many_pairs_are_judged_by_the_normal_distribution_about_as_exactly()
    {
        var random = new Random(8);
        var differences = Enumerable.Range(0, 200).Select(_ => random.NextDouble() - 0.44).ToArray();

        var exact = WilcoxonSignedRank.Test(differences)!;
        var approximate = WilcoxonSignedRank.Test([.. differences, 1e-9])!;

        Assert.Equal((true, false), (exact.IsExact, approximate.IsExact));
        Assert.Equal(exact.PValue, approximate.PValue, 0.1 * exact.PValue);
    }

    [Property]
    public void Signs_and_units_change_no_p(int seed)
    {
        var random = new Random(seed);
        var differences = Enumerable.Range(0, random.Next(2, 30)).Select(_ => Math.Round(random.NextDouble() * 9 - 4)).ToArray();
        foreach (var test in new Func<IReadOnlyList<double>, PairedTest?>[] { PairedT.Test, WilcoxonSignedRank.Test })
        {
            var p = test(differences)?.PValue;
            Assert.Equal(p ?? -1, test(Array.ConvertAll(differences, d => -d))?.PValue ?? -1, 1e-12);
            Assert.Equal(p ?? -1, test(Array.ConvertAll(differences, d => 1024 * d))?.PValue ?? -1, 1e-12);
            Assert.True(p is null or (>= 0 and <= 1));
        }
    }

    [Fact]
    public void Rank_sums_of_many_pairs_do_not_overflow()
    {
        const int Count = 50_000;
        var test = WilcoxonSignedRank.Test([.. Enumerable.Range(1, Count).Select(i => (double)i)])!;

        Assert.Equal(Count * (Count + 1.0) / 2, test.Statistic);
        Assert.Equal((0, 1), (test.PValue, test.Side));
    }

    [Fact]
    public void Rounding_makes_no_ties_and_no_differences()
    {
        double[] a = [0.9, 0.8, 0.3, 0.5], b = [0.8, 0.7, 0.4, 0.1 + 0.4];

        var differences = MeasureRounding.Differences(a, b);

        Assert.Equal(0, differences[3]);
        Assert.Equal((differences[0], -differences[0]), (differences[1], differences[2]));
        Assert.Null(RelativeImprovement.Interval([0.3, 0.3, 0.1 + 0.2], [0.2, 0.2, 0.3 - 0.1], 0.95));
    }

    [Fact]
    public void Differences_without_spread_are_not_tested_by_t()
    {
        Assert.Null(PairedT.Test([0.5]));
        Assert.Null(PairedT.Test([0.0, 0, 0]));
        Assert.Null(PairedT.Test([0.25, 0.25, 0.25]));
        Assert.Equal(0.25, WilcoxonSignedRank.Test([0.25, 0.25, 0.25])!.PValue);
    }

    [Fact]
    public void Tests_of_no_effect_reject_as_often_as_they_say()
    {
        var random = new Random(1);
        var (t, ranks) = (0, 0);
        for (var s = 0; s < 4000; s++)
        {
            var differences = Enumerable.Range(0, 8).Select(_ => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1)).ToArray();
            t += PairedT.Test(differences)!.PValue < 0.05 ? 1 : 0;
            ranks += WilcoxonSignedRank.Test(differences)!.PValue < 0.05 ? 1 : 0;
        }

        // The largest p below 5 percent that 8 pairs can have is 0.0390625. Standard deviations: 0.0034 and 0.0031.
        Assert.Equal(0.05, t / 4000.0, 4 * 0.0034);
        Assert.Equal(0.0390625, ranks / 4000.0, 4 * 0.0031);
    }

    private static double[] Subtract(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];

    /// <summary>Differences 1 … n, with signs so that the negative ranks add up to a sum.</summary>
    private static double[] WithSumOfNegativeRanks(int n, int sum)
    {
        var differences = new double[n];
        for (var rank = n; rank >= 1; rank--)
        {
            var isNegative = rank <= sum;
            sum -= isNegative ? rank : 0;
            differences[rank - 1] = isNegative ? -rank : rank;
        }

        return differences;
    }
}
