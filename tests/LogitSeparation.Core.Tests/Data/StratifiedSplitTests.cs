using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LogitSeparation.Core.Data;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

public sealed class StratifiedSplitTests
{
    private const int ClassCount = 6;

    private static readonly Arbitrary<int[]> AnyLabels =
        Gen.Choose(0, ClassCount - 1).NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();

    [Property]
    public Property Both_parts_together_are_all_examples_once() => ForAnySplit((labels, count, seed) =>
    {
        var (kept, held) = StratifiedSplit.Split(labels, ClassCount, count, seed);
        Assert.Equal(count, held.Length);
        Assert.Equal(Enumerable.Range(0, labels.Length), kept.Concat(held).Order());
        Assert.Equal(kept.Order(), kept);
        Assert.Equal(held.Order(), held);
    });

    [Property]
    public Property Each_class_keeps_an_example_and_gives_its_share() => ForAnySplit((labels, count, seed) =>
    {
        var (kept, held) = StratifiedSplit.Split(labels, ClassCount, count, seed);
        var isCapped = labels.GroupBy(label => label).Any(group => kept.Count(i => labels[i] == group.Key) == 1);
        foreach (var group in labels.GroupBy(label => label))
        {
            Assert.Contains(kept, i => labels[i] == group.Key);
            var share = (double)count * group.Count() / labels.Length;

            // The quota rule of largest remainders; classes at their last example pass their part on.
            if (!isCapped)
                Assert.InRange(held.Count(i => labels[i] == group.Key), Math.Floor(share), Math.Ceiling(share));
        }
    });

    [Property]
    public Property The_same_seed_gives_the_same_split() => ForAnySplit((labels, count, seed) =>
        Assert.Equal(
            StratifiedSplit.Split(labels, ClassCount, count, seed).Held, StratifiedSplit.Split(labels, ClassCount, count, seed).Held));

    [Fact]
    public void Every_example_is_held_out_equally_often()
    {
        int[] labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
        const int Draws = 4000;
        var times = new int[labels.Length];
        for (var seed = 0; seed < Draws; seed++)
        {
            foreach (var i in StratifiedSplit.Split(labels, 2, 4, seed).Held)
                times[i]++;
        }

        // Each has probability 2/5; five standard deviations of a binomial count.
        var deviation = Math.Sqrt(Draws * 0.4 * 0.6);
        Assert.All(times, count => Assert.InRange(count, (Draws * 0.4) - (5 * deviation), (Draws * 0.4) + (5 * deviation)));
    }

    [Fact]
    public void Quotas_follow_the_largest_remainders()
    {
        // 10 of 50: quotas 4.2, 3.4, 2.4; the seat left over goes to the first of the equal remainders.
        Assert.Equal([4, 4, 2], StratifiedSplit.Allocate([21, 17, 12], 50, 10));
        Assert.Equal([0, 0, 3], StratifiedSplit.Allocate([1, 1, 4], 6, 3));
        Assert.Equal([0, 2], StratifiedSplit.Allocate([0, 5], 5, 2));
    }

    // Computed by another program from the rule; the draw is part of every saved model's meaning and must never change.
    [Fact]
    public void The_draw_is_the_one_of_the_rule()
    {
        int[] labels = [.. Enumerable.Range(0, 30).Select(i => i % 3)];
        Assert.Equal([4, 6, 8, 10, 12, 21, 26], StratifiedSplit.Split(labels, 3, 7, seed: 42).Held);
        Assert.Equal([9, 13, 22, 24, 26, 27, 29], StratifiedSplit.Split(labels, 3, 7, seed: -1).Held);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_count_out_of_range_is_refused(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedSplit.Split([0, 0, 1, 1], 2, count, 0));

    private static Property ForAnySplit(Action<int[], int, int> check) =>
        Prop.ForAll(AnyLabels, Gen.Choose(0, 1000).ToArbitrary(), Gen.Choose(-1000000, 1000000).ToArbitrary(),
            (labels, share, seed) => check(labels, StratifiedSplit.MaxCount(labels, ClassCount) * share / 1000, seed));
}
