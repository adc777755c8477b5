using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation.Statistics;
using MathNet.Numerics.Distributions;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation.Statistics;

public sealed class RelativeImprovementTests
{
    [Fact]
    public void The_papers_table_gives_the_improvements_that_it_quotes()
    {
        // Table 1, CIFAR-10, 1-AUPRC: CE 0.109, batch CE 0.072; Imagenet: 0.366, 0.245.
        Assert.Equal(0.339, RelativeImprovement.Of(0.109, 0.072)!.Value, 5e-4);
        Assert.Equal(0.331, RelativeImprovement.Of(0.366, 0.245)!.Value, 5e-4);
        Assert.Null(RelativeImprovement.Of(0, 0.1));
    }

    [Property]
    public void The_interval_leaves_out_zero_exactly_where_the_t_test_rejects(int seed)
    {
        var random = new Random(seed);
        var n = random.Next(2, 12);
        var shift = random.NextDouble() * 0.2;
        var a = Enumerable.Range(0, n).Select(_ => 0.3 + 0.05 * random.NextDouble()).ToArray();
        var b = Enumerable.Range(0, n).Select(_ => 0.3 - shift + 0.1 * random.NextDouble()).ToArray();
        var interval = RelativeImprovement.Interval(a, b, 0.95);
        if (interval is null)
            return;

        Assert.True(interval.Contains(RelativeImprovement.Of(a.Average(), b.Average())!.Value));
        Assert.Equal(PairedT.Test([.. a.Zip(b, (x, y) => x - y)])!.PValue >= 0.05, interval.Contains(0));
    }

    [Property]
    public void Units_change_nothing(int seed)
    {
        var random = new Random(seed);
        var a = Enumerable.Range(0, 5).Select(_ => 0.3 + 0.05 * random.NextDouble()).ToArray();
        var b = Enumerable.Range(0, 5).Select(_ => 0.2 + 0.05 * random.NextDouble()).ToArray();
        var (one, other) = (RelativeImprovement.Interval(a, b, 0.9)!, RelativeImprovement.Interval([.. a.Select(x => 7 * x)], [.. b.Select(x => 7 * x)], 0.9)!);

        Assert.Equal(one.Lower, other.Lower, 1e-9);
        Assert.Equal(one.Upper, other.Upper, 1e-9);
    }

    [Fact]
    public void The_interval_covers_the_true_improvement_as_often_as_it_says()
    {
        // Pairs with means 0.10 and 0.07, correlated by a common term: the true improvement is 0.3.
        var random = new Random(7);
        var covered = Enumerable.Range(0, 3000).Count(_ =>
        {
            var pairs = Enumerable.Range(0, 5).Select(_ => (Common: Normal.Sample(random, 0, 0.01), A: Normal.Sample(random, 0.10, 0.01), B: Normal.Sample(random, 0.07, 0.01))).ToArray();
            return RelativeImprovement.Interval([.. pairs.Select(p => p.A + p.Common)], [.. pairs.Select(p => p.B + p.Common)], 0.95)!.Contains(0.3);
        });

        Assert.Equal(0.95, covered / 3000.0, 4 * 0.004);
    }

    [Fact]
    public void Without_spread_or_with_a_reference_that_may_be_perfect_there_is_no_interval()
    {
        Assert.Null(RelativeImprovement.Interval([0.1], [0.05], 0.95));
        Assert.Null(RelativeImprovement.Interval([0.1, 0.1], [0.05, 0.05], 0.95));
        Assert.Null(RelativeImprovement.Interval([0.1, 0.2], [0.1, 0.2], 0.95));
        Assert.Null(RelativeImprovement.Interval([0.0, 0.2], [0.1, 0.05], 0.95));
    }
}
