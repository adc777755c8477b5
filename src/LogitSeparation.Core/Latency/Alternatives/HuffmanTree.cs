namespace LogitSeparation.Core.Latency.Alternatives;

/// <summary>
/// The tree of a Huffman code (Huffman 1952), of all trees that whose mean depth over examples is least: the two least frequent subtrees are
/// joined until one is left. As in Mikolov et al. (2013) each class has its path written out.
/// </summary>
internal sealed class HuffmanTree : ClassTree
{
    private readonly long[] _start;
    private readonly int[] _paths;

    /// <summary>Builds the tree; of equal subtrees single classes are joined first, which keeps it low.</summary>
    /// <param name="frequencies">One a class, at least two.</param>
    /// <exception cref="SlcException"><c>ClassFrequencyInvalid</c> where paths are too long to be kept.</exception>
    public HuffmanTree(IReadOnlyList<double> frequencies)
    {
        var k = frequencies.Count;
        var parents = Join(frequencies);
        _start = new long[k + 1];

        // A parent is made after its branches, so from the root down every parent's depth is known before it is needed.
        var depths = new int[(2 * k) - 1];
        for (var node = (2 * k) - 3; node >= 0; node--)
            depths[node] = depths[parents[node] >> 1] + 1;
        for (var j = 0; j < k; j++)
            _start[j + 1] = _start[j] + depths[j];
        if (_start[k] > Array.MaxLength)
        {
            throw new SlcException("ClassFrequencyInvalid", SlcErrorKind.InvalidArgument,
                $"The Huffman tree of these frequencies is too deep: paths of {_start[k]} nodes together. Give frequencies that are less unlike.", "ClassFrequency");
        }

        _paths = new int[_start[k]];
        for (var j = 0; j < k; j++)
            WritePath(parents, j);
    }

    /// <inheritdoc/>
    public override int ClassCount => _start.Length - 1;

    /// <inheritdoc/>
    public override int Depth(int j) => (int)(_start[j + 1] - _start[j]);

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Path(int j) => _paths.AsSpan((int)_start[j], Depth(j));

    // Two queues, each in order: classes that are left, and subtrees, whose frequencies never fall. Gives twice the parent of each node, and 1
    // more for its second branch; nodes are the classes and then the subtrees as they are made.
    private static int[] Join(IReadOnlyList<double> frequencies)
    {
        var k = frequencies.Count;
        var order = Enumerable.Range(0, k).ToArray();
        Array.Sort(order, (a, b) => frequencies[a].CompareTo(frequencies[b]) is var sign && sign != 0 ? sign : b.CompareTo(a));
        var parents = new int[(2 * k) - 1];
        var weights = new double[k - 1];
        var (leaf, subtree) = (0, 0);
        for (var made = 0; made < k - 1; made++)
        {
            for (var branch = 0; branch < 2; branch++)
            {
                var isLeaf = leaf < k && (subtree == made || frequencies[order[leaf]] <= weights[subtree]);
                var (node, weight) = isLeaf ? (order[leaf], frequencies[order[leaf]]) : (k + subtree, weights[subtree]);
                _ = isLeaf ? leaf++ : subtree++;
                weights[made] += weight;
                parents[node] = ((k + made) << 1) | branch;
            }
        }

        return parents;
    }

    // The root, made last, gets the first row: the rows that are read most lie together.
    private void WritePath(int[] parents, int j)
    {
        var k = ClassCount;
        var node = j;
        for (var at = _start[j + 1] - 1; at >= _start[j]; at--)
        {
            var parent = parents[node] >> 1;
            _paths[at] = (((2 * k) - 2 - parent) << 1) | (parents[node] & 1);
            node = parent;
        }
    }
}
