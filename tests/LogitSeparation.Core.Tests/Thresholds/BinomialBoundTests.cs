using FsCheck.Xunit;
using LogitSeparation.Core.Thresholds;
using Xunit;

namespace LogitSeparation.Core.Tests.Thresholds;

public sealed class BinomialBoundTests
{
    /// <summary>Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, table I, method 5.</summary>
    [Theory]
    [InlineData(81, 263, 0.2527, 0.3676)]
    [InlineData(15, 148, 0.0578, 0.1617)]
    [InlineData(0, 20, 0, 0.1684)]
    [InlineData(1, 29, 0.0009, 0.1776)]
    public void Bounds_are_the_published_ones(int successes, int trials, double lower, double upper)
    {
        Assert.Equal(lower, BinomialBound.Lower(successes, trials, 0.025), 4);
        Assert.Equal(upper, BinomialBound.Upper(successes, trials, 0.025), 4);
    }

    [Property]
    public void The_tail_is_the_sum_of_its_terms(byte successes, byte more, byte probability)
    {
        var (trials, p) = (successes + more + 1, (probability + 1) / 258.0);
        var sum = Enumerable.Range(successes, trials - successes + 1).Sum(x => MathNet.Numerics.Distributions.Binomial.PMF(p, trials, x));
        Assert.Equal(sum, BinomialBound.UpperTail(successes, trials, p), 1e-10);
    }

    [Property]
    public void A_bound_is_where_the_tail_is_the_error(byte successes, byte more)
    {
        var trials = successes + more + 1;
        if (successes == 0)
        {
            Assert.Equal(0, BinomialBound.Lower(0, trials, 0.05));
            return;
        }

        Assert.Equal(0.05, BinomialBound.UpperTail(successes, trials, BinomialBound.Lower(successes, trials, 0.05)), 1e-7);
    }

    [Fact]
    public void Without_a_failure_it_takes_the_logarithms_ratio()
    {
        // 0.9^28 > 0.05 >= 0.9^29.
        Assert.Equal(29, BinomialBound.TrialsFor(0.9, 0.05));
        Assert.Equal(299, BinomialBound.TrialsFor(0.99, 0.05));
        Assert.Equal(2, BinomialBound.TrialsFor(0.5, 0.25));
        Assert.Null(BinomialBound.TrialsFor(1, 0.05));
    }
}
