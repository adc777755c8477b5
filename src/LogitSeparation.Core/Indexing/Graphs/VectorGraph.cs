using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>
/// A graph that leads from any vector to its neighbours, level by level (Y. Malkov and D. Yashunin 2016, Efficient and robust approximate nearest neighbor
/// search using Hierarchical Navigable Small World graphs, arXiv:1603.09320), in the library's memory. Vectors are float16.
/// </summary>
internal sealed unsafe class VectorGraph : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly object _searching = new();
    private readonly int _dimension;

    private VectorGraph(int dimension) : base(ownsHandle: true) => _dimension = dimension;

    /// <summary>The number of vectors.</summary>
    public long Count
    {
        get
        {
            nint error = 0;
            return (long)Checked(UsearchLibrary.Count(this, ref error), error);
        }
    }

    /// <summary>The bytes that it takes in a file.</summary>
    public long SavedLength
    {
        get
        {
            nint error = 0;
            return (long)Checked(UsearchLibrary.SavedLength(this, ref error), error);
        }
    }

    /// <summary>Makes an empty graph.</summary>
    /// <param name="dimension">The length of a vector.</param>
    /// <param name="count">The number of vectors that there will be.</param>
    /// <param name="threads">How many threads will add at once.</param>
    /// <exception cref="SlcException"><c>GraphLibraryNotLoaded</c>, <c>GraphFailed</c>.</exception>
    public static VectorGraph Create(int dimension, long count, int threads)
    {
        var graph = Empty(dimension);
        try
        {
            nint error = 0;
            UsearchLibrary.Reserve(graph, (nuint)count, ref error);
            Check(error);
            UsearchLibrary.SetAddingThreads(graph, (nuint)threads, ref error);
            Check(error);
            return graph;
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <summary>Reads a graph where it lies in memory, which has to stay as it is until this is disposed of.</summary>
    /// <param name="source">What <see cref="Save"/> wrote, checked to be so: the library follows what it finds there.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="dimension">The length of a vector.</param>
    /// <exception cref="SlcException"><c>GraphLibraryNotLoaded</c>, <c>GraphFailed</c>.</exception>
    public static VectorGraph View(byte* source, long length, int dimension)
    {
        var graph = Empty(dimension);
        try
        {
            nint error = 0;
            UsearchLibrary.View(graph, source, (nuint)length, ref error);
            Check(error);
            var found = Checked(UsearchLibrary.Dimension(graph, ref error), error);
            return found == (nuint)dimension ? graph : throw Failed(FormattableString.Invariant($"its vectors have {found} numbers, where {dimension} were expected"));
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <summary>Adds a vector; several threads may do so at once.</summary>
    public void Add(long key, ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, _dimension);
        nint error = 0;
        fixed (float* first = vector)
            UsearchLibrary.Add(this, (ulong)key, first, UsearchLibrary.Single, ref error);
        Check(error);
    }

    /// <summary>The keys of vectors with large inner products, the nearest first as far as the graph knows.</summary>
    /// <param name="query">The query.</param>
    /// <param name="effort">How many candidates are kept on the way, all of which are given.</param>
    public long[] Search(ReadOnlySpan<float> query, int effort)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Length, _dimension);
        var (keys, distances) = (new ulong[effort], new float[effort]);
        nint error = 0;
        lock (_searching)
        {
            UsearchLibrary.SetEffort(this, (nuint)effort, ref error);
            Check(error);
            fixed (float* first = query)
            fixed (ulong* key = keys)
            fixed (float* distance = distances)
            {
                var count = Checked(UsearchLibrary.Search(this, first, UsearchLibrary.Single, (nuint)effort, key, distance, ref error), error);
                return Array.ConvertAll(keys[..(int)count], found => (long)found);
            }
        }
    }

    /// <summary>Writes the graph to memory.</summary>
    /// <param name="target">At least <see cref="SavedLength"/> bytes.</param>
    /// <param name="length">How many there are.</param>
    public void Save(byte* target, long length)
    {
        nint error = 0;
        UsearchLibrary.Save(this, target, (nuint)length, ref error);
        Check(error);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        nint error = 0;
        UsearchLibrary.Free(handle, ref error);
        return error == 0;
    }

    private static VectorGraph Empty(int dimension)
    {
        UsearchLibrary.EnsureLoaded();
        var options = new GraphOptions
        {
            Metric = UsearchLibrary.InnerProduct,
            Kind = UsearchLibrary.Half,
            Dimension = (nuint)dimension,
            Connectivity = GraphShape.Connectivity,
            AddingEffort = GraphShape.AddingEffort,
        };
        var graph = new VectorGraph(dimension);
        nint error = 0;
        graph.SetHandle(UsearchLibrary.Create(options, ref error));
        try
        {
            Check(error);
            return graph.IsInvalid ? throw Failed("no graph could be made") : graph;
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    private static T Checked<T>(T result, nint error)
    {
        Check(error);
        return result;
    }

    private static void Check(nint error)
    {
        if (error != 0)
            throw Failed(Marshal.PtrToStringUTF8(error) ?? "");
    }

    private static SlcException Failed(string what) => new("GraphFailed", SlcErrorKind.InvalidData,
        $"The graph for approximate answers cannot be used: {what.TrimEnd('.')}. Make it again with Optimize-SlcIndex, or leave out -Approximate.");
}
