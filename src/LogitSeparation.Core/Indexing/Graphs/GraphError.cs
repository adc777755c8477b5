namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>What can be wrong with a graph.</summary>
internal static class GraphError
{
    private const string Remedy = "Make it again with Optimize-SlcIndex, or leave out -Approximate.";

    /// <summary><c>GraphMissing</c>: the index has none.</summary>
    public static SlcException Missing(FeatureIndex index) => new("GraphMissing", SlcErrorKind.NotFound,
        $"'{index.Path}' has no graph for approximate answers: there is no file '{IndexGraph.PathOf(index.Path)}'. Make it with Optimize-SlcIndex, or leave out -Approximate.", index.Path);

    /// <summary><c>GraphDamaged</c>: it is none, or not what was written.</summary>
    public static SlcException Damaged(string path, string what, Exception? cause = null) => new("GraphDamaged", SlcErrorKind.InvalidData,
        $"'{path}' cannot be read as the graph of an index: {what}. {Remedy}", path, cause);

    /// <summary><c>GraphTruncated</c>: its end is missing.</summary>
    public static SlcException Truncated(string path, long length, long written) => new("GraphTruncated", SlcErrorKind.InvalidData,
        FormattableString.Invariant($"'{path}' has {length} bytes, but {written} were written: its end is missing. {Remedy}"), path);

    /// <summary><c>GraphOutdated</c>: examples were added since.</summary>
    public static SlcException Outdated(IndexGraph graph, FeatureIndex index) => new("GraphOutdated", SlcErrorKind.InvalidData,
        FormattableString.Invariant($"'{graph.Path}' leads to the first {graph.Count} examples, and the index has {index.Count} by now. {Remedy}"), graph.Path);

    /// <summary><c>GraphOfAnotherIndex</c>: it was made from other features.</summary>
    public static SlcException OtherIndex(IndexGraph graph, FeatureIndex index) => new("GraphOfAnotherIndex", SlcErrorKind.InvalidData,
        $"'{graph.Path}' was not made from the features that '{index.Path}' holds. {Remedy}", graph.Path);

    /// <summary><c>IndexEmpty</c>: no graph leads nowhere.</summary>
    public static SlcException Empty(FeatureIndex index) => new("IndexEmpty", SlcErrorKind.InvalidData,
        $"'{index.Path}' has no examples, so that no graph can be made of it. Add some with New-SlcIndex -Append first.", index.Path);

    /// <summary><c>MemoryTooSmall</c>: building would take more than there is.</summary>
    public static SlcException MemoryTooSmall(FeatureIndex index, long needed, long there) => new("MemoryTooSmall", SlcErrorKind.Unavailable,
        FormattableString.Invariant($"A graph of the {index.Count} examples of '{index.Path}' takes about {needed >> 20} MiB of memory while it is made, and there are {there >> 20} MiB. Use a machine with more, or exact answers."),
        index.Path);
}
