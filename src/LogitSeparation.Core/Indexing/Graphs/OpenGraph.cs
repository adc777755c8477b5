using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>A graph whose file was compared with its checksum, and is mapped into memory for the library.</summary>
/// <remarks>
/// The library follows what it reads without looking whether it can be so, so it never gets bytes that were not compared. A mapped file that is cut short kills
/// who reads it: see <see cref="IndexScan"/>, whose precautions these are.
/// </remarks>
internal sealed unsafe class OpenGraph : IDisposable
{
    private const int BlockBytes = 1 << 20;

    private readonly IndexGraph _graph;
    private readonly FileStream _file;
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _first;
    private readonly VectorGraph? _vectors;

    /// <summary>Opens a graph; this reads it once.</summary>
    /// <param name="graph">What the file says of itself.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <exception cref="SlcException"><c>GraphDamaged</c>, <c>GraphTruncated</c>, <c>GraphLibraryNotLoaded</c>, <c>GraphFailed</c>, and those of files.</exception>
    public OpenGraph(IndexGraph graph, CancellationToken cancellation)
    {
        UsearchLibrary.EnsureLoaded();
        _graph = graph;
        _file = InputFile.Open(graph.Path);
        try
        {
            Verify(cancellation);
            _map = MemoryMappedFile.CreateFromFile(_file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _map.CreateViewAccessor(graph.Offset, graph.Header.Length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _first);
            _vectors = VectorGraph.View(_first + _view.PointerOffset, graph.Header.Length, graph.Header.Dimension);
            if (_vectors.Count != graph.Count)
                throw GraphError.Damaged(graph.Path, FormattableString.Invariant($"it leads to {_vectors.Count} examples, where {graph.Count} were written"));
        }
        catch (Exception failure)
        {
            Dispose();
            if (FileFailure.IsFileFailure(failure))
                throw FileFailure.Reading(graph.Path, failure);
            throw;
        }
    }

    /// <summary>Whether this is what a file says of itself now.</summary>
    public bool Is(IndexGraph graph) => graph.Path == _graph.Path && graph.Header.Checksum == _graph.Header.Checksum
        && graph.Header.IndexChecksum == _graph.Header.IndexChecksum && graph.Length == _graph.Length && graph.Written == _graph.Written;

    /// <summary>The rows of the index whose features have large products with a row of the head.</summary>
    /// <param name="weight">The row of the head.</param>
    /// <param name="effort">How many candidates are kept on the way, all of which are given.</param>
    /// <exception cref="SlcException"><c>GraphTruncated</c>, <c>GraphDamaged</c>, <c>GraphFailed</c>.</exception>
    public long[] Search(ReadOnlySpan<float> weight, int effort)
    {
        CheckLength();
        var rows = _vectors!.Search(GraphSpace.Query(weight), effort);
        return Array.TrueForAll(rows, row => row >= 0 && row < _graph.Count) ? rows : throw GraphError.Damaged(_graph.Path, "it leads to examples that the index does not have");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _vectors?.Dispose();
        if (_first is not null)
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _map?.Dispose();
        _file.Dispose();
    }

    private void CheckLength()
    {
        var length = RandomAccess.GetLength(_file.SafeFileHandle);
        if (length < _graph.Offset + _graph.Header.Length)
            throw GraphError.Truncated(_graph.Path, length, _graph.Offset + _graph.Header.Length);
    }

    private void Verify(CancellationToken cancellation)
    {
        CheckLength();
        var (hash, block) = (new XxHash3(), new byte[BlockBytes]);
        var (offset, end) = (_graph.Offset, _graph.Offset + _graph.Header.Length);
        while (offset < end)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = RandomAccess.Read(_file.SafeFileHandle, block.AsSpan(0, (int)Math.Min(block.Length, end - offset)), offset);
            if (count == 0)
                throw GraphError.Truncated(_graph.Path, offset, end);
            hash.Append(block.AsSpan(0, count));
            offset += count;
        }

        if (hash.GetCurrentHashAsUInt64() != _graph.Header.Checksum)
            throw GraphError.Damaged(_graph.Path, "it is not what was written");
    }
}
