using System.Numerics;

namespace LogitSeparation.Core.Latency.Alternatives;

/// <summary>
/// A tree whose leaves are as deep as one another, or differ by one: ⌊log2 k⌋ or ⌈log2 k⌉. Nodes are numbered as in a heap, 1 the root and 2i and
/// 2i+1 the branches of i, leaves from k on; so a path is computed and not looked up.
/// </summary>
/// <param name="classCount">k, at least 2.</param>
internal sealed class BalancedTree(int classCount) : ClassTree
{
    private const int MostLevels = 32;

    private readonly int[] _path = new int[MostLevels];

    /// <inheritdoc/>
    public override int ClassCount => classCount;

    /// <inheritdoc/>
    public override int Depth(int j) => BitOperations.Log2((uint)(classCount + j));

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Path(int j)
    {
        var depth = Depth(j);
        var node = classCount + j;
        for (var level = depth - 1; level >= 0; level--)
        {
            var parent = node >> 1;
            _path[level] = ((parent - 1) << 1) | (node & 1);
            node = parent;
        }

        return _path.AsSpan(0, depth);
    }
}
