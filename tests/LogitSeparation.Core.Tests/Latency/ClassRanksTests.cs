using LogitSeparation.Core.Latency;
using LogitSeparation.Core.Latency.Alternatives;
using Xunit;

namespace LogitSeparation.Core.Tests.Latency;

public sealed class ClassRanksTests
{
    [Fact]
    public void Ranks_go_by_frequency_and_shares_add_up()
    {
        var ranks = new ClassRanks([1, 4, 3, 4]);
        Assert.Equal([3, 0, 2, 1], Enumerable.Range(0, 4).Select(j => ranks[j]));
        Assert.Equal(8 / 12.0, ranks.Share(0, 2), 1e-12);
        Assert.Equal(2, ranks.Reach(0.6));
        Assert.Equal(4, ranks.Reach(1));
        Assert.Equal([1, 0.5, 1 / 3.0], ClassRanks.Zipf(3, 1));
    }

    [Fact]
    public void Cheapest_cutoffs_are_never_dearer_than_none_or_than_usual_ones()
    {
        foreach (var k in new[] { 10, 1000, 100_000 })
        {
            var ranks = new ClassRanks(ClassRanks.Zipf(k, 1));
            var cutoffs = AdaptiveCutoffs.Cheapest(ranks, 512);
            Assert.Equal(cutoffs.Order().Distinct(), cutoffs);
            var cost = AdaptiveCutoffs.MeanMultiplyAdds(ranks, 512, cutoffs);
            foreach (var other in new int[][] { [], [k / 5], [k / 10, k / 2], [Math.Max(1, k / 100), k / 5, k / 2] })
                Assert.InRange(cost, 0, 1.02 * AdaptiveCutoffs.MeanMultiplyAdds(ranks, 512, other));
        }

        Assert.Equal(10 * 512.0, AdaptiveCutoffs.MeanMultiplyAdds(new(ClassRanks.Zipf(10, 1)), 512, []));
    }

    [Theory]
    [InlineData(3, 3, new[] { 1, 1, 1 })]
    [InlineData(7, 3, new[] { 4, 2, 1 })]
    [InlineData(500, 3, new[] { 287, 142, 71 })]
    [InlineData(5, 1, new[] { 5 })]
    public void Parts_have_half_the_features_of_the_part_before(int d, int parts, int[] expected) =>
        Assert.Equal(expected, DifferentiatedSoftmax.Widths(d, parts));

    [Fact]
    public void Every_number_of_features_can_be_divided()
    {
        for (var d = 1; d < 200; d++)
        {
            for (var parts = 1; parts <= Math.Min(d, 8); parts++)
            {
                var widths = DifferentiatedSoftmax.Widths(d, parts);
                Assert.Equal(d, widths.Sum());
                Assert.All(widths, width => Assert.True(width >= 1));
                Assert.Equal(widths.OrderDescending(), widths);
            }

            Assert.InRange(DifferentiatedSoftmax.Thirds(new(ClassRanks.Zipf(1000, 1)), d).Length, 0, Math.Min(2, d - 1));
        }
    }

    [Fact]
    public void Draws_are_as_frequent_as_the_classes_and_means_are_exact()
    {
        double[] frequencies = [0, 3, 0, 1];
        var draws = new ClassDraws(frequencies, ClassDraw.Frequency, 40_000, 5);
        var counts = new int[4];
        foreach (var j in draws.Classes)
            counts[j]++;
        Assert.Equal((0, 0), (counts[0], counts[2]));
        Assert.InRange(counts[1], 29_600, 30_400);
        Assert.Equal(1.5, draws.Mean(j => j), 1e-12);

        var uniform = new ClassDraws(frequencies, ClassDraw.Uniform, 40_000, 5);
        var seen = new int[4];
        foreach (var j in uniform.Classes)
            seen[j]++;
        Assert.All(seen, count => Assert.InRange(count, 9_600, 10_400));
        Assert.Equal(1.5, uniform.Mean(j => j), 1e-12);
        Assert.Equal(2, uniform.Mean(_ => 2), 1e-12);
        Assert.Equal(uniform.Classes.ToArray(), new ClassDraws(frequencies, ClassDraw.Uniform, 40_000, 5).Classes.ToArray());
    }
}
