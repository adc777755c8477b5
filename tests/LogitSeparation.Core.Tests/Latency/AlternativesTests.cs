using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Latency;
using LogitSeparation.Core.Latency.Alternatives;
using Xunit;

namespace LogitSeparation.Core.Tests.Latency;

public sealed class AlternativesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Frequencies that are in no order, and two that are alike.
    private static double[] Frequencies(int k) => [.. Enumerable.Range(0, k).Select(j => 1.0 / (((j * 7) % k) + 1) + (j == 2 ? 0 : 0.001))];

    [Theory]
    [InlineData(2, 3, 1)]
    [InlineData(11, 5, 1)]
    [InlineData(11, 70, 5)]
    [InlineData(200, 33, 4)]
    [InlineData(1500, 64, 1)]
    [InlineData(1500, 100, 9)]
    public void Softmax_is_the_plain_softmax_and_all_logits_are_the_plain_logits(int k, int d, int n)
    {
        using var head = RandomRows.Create(k, d, 1, 0, Stop);
        using var features = RandomRows.Features(n, d, 2);
        using var all = new AllLogits(head, isNormalized: false, Stop);
        using var softmax = new AllLogits(head, isNormalized: true, Stop);
        using var one = new OneLogit(head);
        Check(one, k, n, d, features, x => ScorerReference.Logits(head, x), isNormalized: false);
        Check(all, k, n, d, features, x => ScorerReference.Logits(head, x), isNormalized: false);
        Check(softmax, k, n, d, features, x => ScorerReference.LogSoftmax(ScorerReference.Logits(head, x)));
    }

    [Theory]
    [InlineData(2, 3, 1)]
    [InlineData(11, 5, 3)]
    [InlineData(64, 20, 1)]
    [InlineData(130, 20, 2)]
    public void Hierarchical_softmax_is_the_product_of_branches(int k, int d, int n)
    {
        using var nodes = RandomRows.Create(k, d, 3, 0, Stop);
        using var features = RandomRows.Features(n, d, 4);
        foreach (var tree in new ClassTree[] { new BalancedTree(k), new HuffmanTree(Frequencies(k)) })
        {
            using var scorer = new HierarchicalSoftmax(LatencyMethod.BalancedTree, tree, nodes);
            Check(scorer, k, n, d, features, x => [.. Enumerable.Range(0, k).Select(j =>
            {
                var sum = 0.0;
                foreach (var step in tree.Path(j))
                    sum += ScorerReference.LogSigmoid((step % 2 == 0 ? 1 : -1) * ScorerReference.Logit(nodes, step / 2, x));
                return sum;
            })]);
        }
    }

    [Fact]
    public void Hierarchical_softmax_holds_for_deep_trees_and_large_logits()
    {
        // Powers of two make a tree like a comb, as deep as there are classes.
        const int K = 1040;
        var tree = new HuffmanTree([.. Enumerable.Range(0, K).Select(j => Math.ScaleB(1, j - 520))]);
        Assert.Equal(K - 1, tree.Depth(0));
        using var nodes = RandomRows.Create(K, 4, 3, 0, Stop);
        for (var row = 0; row < K; row++)
            nodes.Bias(row) = row % 3 == 0 ? 80 : row % 3 == 1 ? -80 : 0;
        using var features = RandomRows.Features(1, 4, 4);
        using var scorer = new HierarchicalSoftmax(LatencyMethod.HuffmanTree, tree, nodes);
        var x = ScorerReference.Features(features.AsFeatures(), 0, 4);
        foreach (var j in new[] { 0, 1, 500, K - 1 })
        {
            var expected = 0.0;
            foreach (var step in tree.Path(j))
            {
                var u = (step % 2 == 0 ? 1 : -1) * ScorerReference.Logit(nodes, step / 2, x);
                expected -= u < 0 ? -u + Math.Log(1 + Math.Exp(u)) : Math.Log(1 + Math.Exp(-u));
            }

            var score = new double[1];
            scorer.Score(j, features.AsFeatures(), score);
            Assert.Equal(expected, score[0], 1e-5 * Math.Abs(expected) + 1e-6);
        }
    }

    [Theory]
    [InlineData(11, 17, 1, new int[0])]
    [InlineData(11, 17, 1, new[] { 4 })]
    [InlineData(300, 70, 5, new[] { 10, 60 })]
    [InlineData(300, 3, 4, new[] { 1, 2, 299 })]
    public void Adaptive_softmax_is_head_times_tail(int k, int d, int n, int[] cutoffs)
    {
        var ranks = new ClassRanks(Frequencies(k));
        using var features = RandomRows.Features(n, d, 4);
        using var scorer = new AdaptiveSoftmax(ranks, d, cutoffs, 5, Stop);
        Assert.Equal(AdaptiveSoftmax.BytesOf(k, d, cutoffs), scorer.MemoryBytes);
        Check(scorer, k, n, d, features, x =>
        {
            var head = ScorerReference.LogSoftmax(ScorerReference.Logits(scorer.Head, x));
            var byRank = head.Take(cutoffs.Length == 0 ? k : cutoffs[0]).ToList();
            for (var tail = 0; tail < cutoffs.Length; tail++)
            {
                var reduced = ScorerReference.Logits(scorer.Projections[tail], x);
                Assert.Equal(Math.Max(1, d / (int)Math.Pow(4, tail + 1)), reduced.Length);
                byRank.AddRange(ScorerReference.LogSoftmax(ScorerReference.Logits(scorer.Tails[tail], reduced)).Select(score => score + head[cutoffs[0] + tail]));
            }

            return [.. Enumerable.Range(0, k).Select(j => byRank[ranks[j]])];
        });
    }

    [Theory]
    [InlineData(11, 17, 1, new int[0])]
    [InlineData(11, 17, 3, new[] { 4 })]
    [InlineData(300, 70, 5, new[] { 10, 60 })]
    [InlineData(1300, 4, 1, new[] { 1, 2, 299 })]
    public void Differentiated_softmax_is_a_softmax_over_blocks(int k, int d, int n, int[] cutoffs)
    {
        var ranks = new ClassRanks(Frequencies(k));
        using var features = RandomRows.Features(n, d, 4);
        using var scorer = new DifferentiatedSoftmax(ranks, d, cutoffs, 5, Stop);
        Assert.Equal(d, scorer.Blocks.Sum(block => block.Width));
        Assert.Equal(DifferentiatedSoftmax.BytesOf(k, d, cutoffs), scorer.MemoryBytes);
        Check(scorer, k, n, d, features, x =>
        {
            var (byRank, first) = (new List<double>(), 0);
            foreach (var block in scorer.Blocks)
            {
                byRank.AddRange(ScorerReference.Logits(block, x[first..(first + block.Width)]));
                first += block.Width;
            }

            var scores = ScorerReference.LogSoftmax(byRank);
            return [.. Enumerable.Range(0, k).Select(j => scores[ranks[j]])];
        });
    }

    [Fact]
    public void Multiply_adds_are_the_closed_forms()
    {
        var ranks = new ClassRanks(ClassRanks.Zipf(1000, 1));
        using var adaptive = new AdaptiveSoftmax(ranks, 64, [20, 200], 0, Stop);
        Assert.Equal(22 * 64, adaptive.MultiplyAdds(0));
        Assert.Equal((22 * 64) + (64 * 16) + (180 * 16), adaptive.MultiplyAdds(20));
        Assert.Equal((22 * 64) + (64 * 4) + (800 * 4), adaptive.MultiplyAdds(999));
        Assert.Equal(
            Enumerable.Range(0, 1000).Sum(j => adaptive.MultiplyAdds(j) / (j + 1.0)) / Enumerable.Range(1, 1000).Sum(r => 1.0 / r),
            AdaptiveCutoffs.MeanMultiplyAdds(ranks, 64, [20, 200]), 1e-6);

        using var differentiated = new DifferentiatedSoftmax(ranks, 70, [20, 200], 0, Stop);
        Assert.Equal([40, 20, 10], differentiated.Blocks.Select(block => block.Width));
        Assert.Equal((20 * 40) + (180 * 20) + (800 * 10), differentiated.MultiplyAdds(7));

        using var rows = RandomRows.Create(1000, 64, 0, 0, Stop);
        using var balanced = new HierarchicalSoftmax(LatencyMethod.BalancedTree, new BalancedTree(1000), rows);
        Assert.Equal(10 * 64, balanced.MultiplyAdds(999));
        using var some = new SomeLogits(rows, 7);
        Assert.Equal(7 * 64, some.MultiplyAdds(5));
    }

    [Fact]
    public void Some_logits_are_of_different_classes_that_lie_evenly()
    {
        using var head = RandomRows.Create(95, 8, 1, 0, Stop);
        using var features = RandomRows.Features(1, 8, 2);
        using var some = new SomeLogits(head, 10);
        var score = new double[1];
        some.Score(90, features.AsFeatures(), score);
        Assert.Equal(ScorerReference.Logit(head, 90, ScorerReference.Features(features.AsFeatures(), 0, 8)), score[0], 1e-5);
        Assert.Equal(10 * 8, some.MultiplyAddCount);
        using var few = new SomeLogits(head, 1000);
        Assert.Equal(95, few.Count);
    }

    [Fact]
    public void Large_logits_keep_their_differences()
    {
        using var head = RandomRows.Create(5, 3, 1, 0, Stop);
        using var features = RandomRows.Features(2, 3, 2);
        for (var row = 0; row < 5; row++)
        {
            head.Weights(row).Clear();
            head.Bias(row) = 3e38f;
        }

        using var softmax = new AllLogits(head, isNormalized: true, Stop);
        Assert.All(ScorerReference.Scores(softmax, 5, features.AsFeatures()), scores => Assert.All(scores, score => Assert.Equal(-Math.Log(5), score, 1e-9)));
    }

    private static void Check(
        ClassScorer scorer, int k, int n, int d, RowTable features, Func<double[], double[]> reference, bool isNormalized = true)
    {
        var before = scorer.MultiplyAddCount;
        var scores = ScorerReference.Scores(scorer, k, features.AsFeatures());
        Assert.Equal(n * Enumerable.Range(0, k).Sum(scorer.MultiplyAdds), scorer.MultiplyAddCount - before);
        for (var i = 0; i < n; i++)
        {
            var expected = reference(ScorerReference.Features(features.AsFeatures(), i, d));
            for (var j = 0; j < k; j++)
                Assert.Equal(expected[j], scores[j][i], 1e-5 * Math.Max(1, Math.Abs(expected[j])));
            if (isNormalized)
                Assert.Equal(1, Enumerable.Range(0, k).Sum(j => Math.Exp(scores[j][i])), 1e-5);
        }
    }
}
