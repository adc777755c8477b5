using LogitSeparation.Core.Latency.Alternatives;
using Xunit;

namespace LogitSeparation.Core.Tests.Latency;

public sealed class ClassTreeTests
{
    [Fact]
    public void Huffman_lengths_are_those_of_the_textbook()
    {
        // Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, section 16.3: f, e, c, b, d, a.
        var tree = new HuffmanTree([5, 9, 12, 13, 16, 45]);
        Assert.Equal([4, 4, 3, 3, 3, 1], Enumerable.Range(0, 6).Select(tree.Depth));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Huffman_trees_are_optimal_and_full(int k)
    {
        var random = new Random(k);
        foreach (var frequencies in new[]
        {
            ClassRanks.Zipf(k, 1), ClassRanks.Zipf(k, 0), ClassRanks.Zipf(k, 3), [.. Enumerable.Range(0, k).Select(_ => Math.Floor(20 * random.NextDouble()))],
        })
        {
            var tree = new HuffmanTree(frequencies);
            Assert.Equal(1, Enumerable.Range(0, k).Sum(j => Math.Pow(2, -tree.Depth(j))), 1e-9);
            var cost = Enumerable.Range(0, k).Sum(j => frequencies[j] * tree.Depth(j));
            Assert.Equal(LeastCost(frequencies), cost, 1e-9 * Math.Max(1, cost));
            CheckPaths(tree);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(1025)]
    public void Balanced_trees_are_as_deep_as_the_logarithm(int k)
    {
        var tree = new BalancedTree(k);
        var depths = Enumerable.Range(0, k).Select(tree.Depth).ToArray();
        Assert.Equal((int)Math.Ceiling(Math.Log2(k)), depths.Max());
        Assert.Equal((int)Math.Floor(Math.Log2(k)), depths.Min());
        Assert.Equal(1, depths.Sum(depth => Math.Pow(2, -depth)), 1e-9);
        CheckPaths(tree);
        if (k > 2)
            Assert.Equal(new HuffmanTree(ClassRanks.Zipf(k, 0)).ClassCount, tree.ClassCount);
    }

    [Fact]
    public void Equal_frequencies_make_a_Huffman_tree_that_is_balanced()
    {
        var tree = new HuffmanTree(ClassRanks.Zipf(1000, 0));
        Assert.Equal(10, Enumerable.Range(0, 1000).Max(tree.Depth));
        Assert.Equal(9, Enumerable.Range(0, 1000).Min(tree.Depth));
    }

    // By a heap, the textbook's way: the cost is the sum of all joined frequencies.
    private static double LeastCost(IReadOnlyList<double> frequencies)
    {
        var heap = new PriorityQueue<double, double>();
        foreach (var frequency in frequencies)
            heap.Enqueue(frequency, frequency);
        var cost = 0.0;
        while (heap.Count > 1)
        {
            var joined = heap.Dequeue() + heap.Dequeue();
            cost += joined;
            heap.Enqueue(joined, joined);
        }

        return cost;
    }

    // Each inner node is entered by one way alone, the root is the first, and two classes never have the same path.
    private static void CheckPaths(ClassTree tree)
    {
        var k = tree.ClassCount;
        var entered = new Dictionary<int, int>();
        var seen = new HashSet<string>();
        for (var j = 0; j < k; j++)
        {
            var path = tree.Path(j).ToArray();
            Assert.Equal(tree.Depth(j), path.Length);
            Assert.True(seen.Add(string.Join(' ', path)));
            Assert.Equal(0, path[0] >> 1);
            for (var level = 0; level < path.Length; level++)
            {
                Assert.InRange(path[level] >> 1, 0, k - 2);
                var from = level == 0 ? -1 : path[level - 1];
                Assert.True(entered.TryAdd(path[level] >> 1, from) || entered[path[level] >> 1] == from);
            }
        }

        Assert.Equal(k - 1, entered.Count);
    }
}
