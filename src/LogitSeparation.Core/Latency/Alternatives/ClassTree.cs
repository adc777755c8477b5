namespace LogitSeparation.Core.Latency.Alternatives;

/// <summary>
/// A binary tree with the classes as leaves and k-1 inner nodes, each of them a row that decides between its two branches. Not for several
/// threads at once.
/// </summary>
internal abstract class ClassTree
{
    /// <summary>The number of classes, k.</summary>
    public abstract int ClassCount { get; }

    /// <summary>The number of inner nodes above a class.</summary>
    public abstract int Depth(int j);

    /// <summary>
    /// The inner nodes above a class: for each twice its row, 0 … k-2, and 1 more where the class lies in the second branch. Valid until the
    /// next call.
    /// </summary>
    public abstract ReadOnlySpan<int> Path(int j);
}
