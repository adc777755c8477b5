using System.IO.Hashing;
using System.Runtime.InteropServices;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>Makes the graph of an index, which approximate answers come from, and measures what it finds.</summary>
public static class GraphBuilder
{
    private const int RowsAtOnce = 512;
    private const int WrittenAtOnce = 1 << 20;

    /// <summary>Beside its vector an example takes its neighbours (twice as many on the lowest level, 4 bytes each) and its places in the library's tables.</summary>
    private const long LinkBytes = (2 * GraphShape.Connectivity * sizeof(int)) + 84;

    /// <summary>
    /// Makes the graph and writes it beside the index. All processors add examples at once, so that two graphs of one index are not the same to the bit.
    /// </summary>
    /// <param name="index">The index; nobody may add to it meanwhile.</param>
    /// <param name="model">A model with the trunk that made it; its classes are asked to measure recall.</param>
    /// <param name="progress">Told the number of examples that were added, on the calling thread; null for nobody.</param>
    /// <param name="cancellation">Looked at before each example; nothing is left behind.</param>
    /// <returns>What the file says of itself.</returns>
    /// <exception cref="SlcException">
    /// <c>IndexOfAnotherModel</c>, <c>IndexEmpty</c>, <c>IndexDamaged</c>, <c>MemoryTooSmall</c>, <c>GraphLibraryNotLoaded</c>, <c>GraphFailed</c>, <c>DiskFull</c>,
    /// <c>NotWritable</c>, and those of <see cref="FeatureIndex.Open"/>.
    /// </exception>
    public static IndexGraph Build(FeatureIndex index, Model model, Action<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(model);
        index.CheckModel(model);
        if (index.Count == 0)
            throw GraphError.Empty(index);
        UsearchLibrary.EnsureLoaded();
        CheckMemory(index);
        using var file = FeatureIndex.OpenFile(index.Path);
        if (FeatureIndex.Read(file, index.Path).Commit != index.Commit)
            throw IndexError.Changed(index.Path);
        var space = GraphSpace.Of(index, file, cancellation);
        using var graph = VectorGraph.Create(space.Dimension, index.Count, Environment.ProcessorCount);
        foreach (var segment in index.Segments)
            Add(graph, space, segment, SegmentFeatures.Read(index, file.SafeFileHandle, segment), progress, cancellation);
        var recall = RecallMeasure.Of(index, file, model, graph, cancellation);
        Write(index, model, space, graph, recall, cancellation);
        return IndexGraph.Open(index);
    }

    private static void Add(VectorGraph graph, GraphSpace space, IndexSegment segment, float[] features, Action<long>? progress, CancellationToken cancellation)
    {
        var d = space.Dimension - 1;
        for (var first = 0; first < segment.RowCount; first += RowsAtOnce)
        {
            var end = Math.Min(segment.RowCount, first + RowsAtOnce);
            try
            {
                Parallel.For(first, end, new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, () => new float[d + 1], (row, _, vector) =>
                {
                    space.Place(features.AsSpan(row * d, d), vector);
                    graph.Add(segment.FirstRow + row, vector);
                    return vector;
                }, _ => { });
            }
            catch (AggregateException failure) when (failure.InnerExceptions.OfType<SlcException>().FirstOrDefault() is { } one)
            {
                throw one;
            }

            progress?.Invoke(segment.FirstRow + end);
        }
    }

    private static unsafe void Write(FeatureIndex index, Model model, GraphSpace space, VectorGraph graph, RecallAtEffort[] recall, CancellationToken cancellation)
    {
        var length = graph.SavedLength;
        var bytes = (byte*)Allocate(index, length);
        try
        {
            graph.Save(bytes, length);
            var header = new GraphHeader(index.Checksum(index.Count)!, index.Count, space.Dimension, model.ToString(), model.Version, length, Hash(bytes, length), recall);
            GraphCache.Clear();
            AtomicFile.Write(IndexGraph.PathOf(index.Path), stream =>
            {
                stream.Write(header.ToBytes());
                for (var offset = 0L; offset < length; offset += WrittenAtOnce)
                    stream.Write(new ReadOnlySpan<byte>(bytes + offset, (int)Math.Min(WrittenAtOnce, length - offset)));
            }, cancellation);
        }
        finally
        {
            NativeMemory.Free(bytes);
        }
    }

    private static unsafe ulong Hash(byte* bytes, long length)
    {
        var hash = new XxHash3();
        for (var offset = 0L; offset < length; offset += WrittenAtOnce)
            hash.Append(new ReadOnlySpan<byte>(bytes + offset, (int)Math.Min(WrittenAtOnce, length - offset)));
        return hash.GetCurrentHashAsUInt64();
    }

    private static unsafe void* Allocate(FeatureIndex index, long length)
    {
        try
        {
            return NativeMemory.Alloc((nuint)length);
        }
        catch (OutOfMemoryException)
        {
            throw GraphError.MemoryTooSmall(index, length, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        }
    }

    // The library ends the process where it runs out of memory. The graph is there twice while it is written.
    private static void CheckMemory(FeatureIndex index)
    {
        var needed = 2 * index.Count * ((sizeof(short) * (index.FeatureCount + 1L)) + LinkBytes);
        var there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > there)
            throw GraphError.MemoryTooSmall(index, needed, there);
    }
}
