using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>
/// The graph of an index: what approximate answers come from, in a file beside the index. This is what the file says of itself.
/// </summary>
public sealed class IndexGraph
{
    private const string Extension = ".graph";
    private const double GoodRecall = 0.99;

    private readonly string? _indexChecksum;

    private IndexGraph(string path, GraphHeader header, long length, long offset, DateTime written, string? indexChecksum) =>
        (Path, Header, Length, Offset, Written, _indexChecksum) = (path, header, length, offset, written, indexChecksum);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The number of examples that it leads to: the first ones of the index.</summary>
    public long Count => Header.Count;

    /// <summary>The bytes of the file.</summary>
    public long Length { get; }

    /// <summary>The model whose classes were asked to measure recall, in words.</summary>
    public string Model => Header.Model;

    /// <summary>What was measured against the exact answer when it was made.</summary>
    public IReadOnlyList<RecallAtEffort> Recall => Header.Recall;

    /// <summary>Whether the index holds the examples that the graph was made from, and no others.</summary>
    public bool IsCurrent => _indexChecksum == Header.IndexChecksum;

    /// <summary>Compares the file with its checksum, in one pass, and opens it.</summary>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <exception cref="SlcException"><c>GraphDamaged</c>, <c>GraphTruncated</c>, <c>GraphLibraryNotLoaded</c>, <c>GraphFailed</c>, <c>FileUnreadable</c>.</exception>
    public void Verify(CancellationToken cancellation = default) => new OpenGraph(this, cancellation).Dispose();

    internal GraphHeader Header { get; }

    /// <summary>Where the library's bytes begin.</summary>
    internal long Offset { get; }

    /// <summary>When the file was last written.</summary>
    internal DateTime Written { get; }

    /// <summary>The graph's file of an index's file.</summary>
    internal static string PathOf(string indexPath) => indexPath + Extension;

    /// <summary>Reads what the graph of an index says of itself.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="SlcException"><c>GraphDamaged</c>, <c>GraphTruncated</c>, <c>FileUnreadable</c>.</exception>
    internal static IndexGraph? Find(FeatureIndex index)
    {
        var path = PathOf(index.Path);
        if (!File.Exists(path))
            return null;
        using var stream = InputFile.Open(path);
        return FileFailure.Guard(path, () =>
        {
            var header = GraphHeader.Read(stream, path);
            var checksum = header.Count == index.Count ? index.Checksum(header.Count) : null;
            return new IndexGraph(path, header, stream.Length, stream.Position, File.GetLastWriteTimeUtc(path), checksum);
        });
    }

    /// <summary>The graph of an index as it is now.</summary>
    /// <exception cref="SlcException"><c>GraphMissing</c>, <c>GraphOutdated</c>, <c>GraphOfAnotherIndex</c>, and those of <see cref="Find"/>.</exception>
    internal static IndexGraph Open(FeatureIndex index)
    {
        var graph = Find(index) ?? throw GraphError.Missing(index);
        if (graph.IsCurrent)
            return graph;
        throw graph.Count < index.Count && index.Checksum(graph.Count) == graph.Header.IndexChecksum
            ? GraphError.Outdated(graph, index) : GraphError.OtherIndex(graph, index);
    }

    /// <summary>
    /// The least effort of those measured that found 0.99 of the exact answer, or else the largest; more in proportion where more matches are
    /// asked for than were when it was measured.
    /// </summary>
    /// <param name="top">How many matches are asked for.</param>
    /// <returns>At least <paramref name="top"/>.</returns>
    public int EffortFor(int top)
    {
        var measured = Measured(top);
        var effort = (measured.FirstOrDefault(recall => recall.Recall >= GoodRecall) ?? measured[^1]).Effort;
        return (int)Math.Min(Math.Max(top, (long)effort * Math.Max(top, measured[0].Top) / measured[0].Top), Math.Max(top, Count));
    }

    /// <summary>
    /// The recall that was measured for so many matches or the next larger number (or the largest, in proportion), at this effort or the next
    /// smaller one.
    /// </summary>
    /// <param name="top">How many matches are asked for.</param>
    /// <param name="effort">How many candidates are kept on the way.</param>
    /// <returns>Null where only larger efforts were measured.</returns>
    public RecallAtEffort? RecallOf(int top, int effort)
    {
        var measured = Measured(top);
        return measured.LastOrDefault(recall => (long)recall.Effort * Math.Max(top, recall.Top) <= (long)effort * recall.Top);
    }

    /// <inheritdoc/>
    public override string ToString() => Path;

    // In the order of efforts.
    private RecallAtEffort[] Measured(int top)
    {
        var tops = Recall.Select(recall => recall.Top).Distinct().Order().ToArray();
        var nearest = tops.FirstOrDefault(measured => measured >= top, tops[^1]);
        return [.. Recall.Where(recall => recall.Top == nearest).OrderBy(recall => recall.Effort)];
    }
}
