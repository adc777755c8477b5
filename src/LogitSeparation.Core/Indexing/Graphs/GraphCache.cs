namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>
/// Keeps the graph that was asked last, so that only the first question to a graph pays for reading it: it stays mapped, and takes about 60 bytes an example of
/// memory of its own.
/// </summary>
internal static class GraphCache
{
    private static readonly object Gate = new();
    private static Entry? _kept;

    /// <summary>Lends a graph.</summary>
    /// <param name="graph">What its file says of itself now.</param>
    /// <param name="use">What to do with it.</param>
    /// <param name="cancellation">Looked at while the file is read.</param>
    /// <exception cref="SlcException">As of <see cref="OpenGraph(IndexGraph, CancellationToken)"/>.</exception>
    public static T Use<T>(IndexGraph graph, Func<OpenGraph, T> use, CancellationToken cancellation)
    {
        var entry = Take(graph, cancellation);
        try
        {
            return use(entry.Graph);
        }
        finally
        {
            Leave(entry);
        }
    }

    /// <summary>Lets go of what is kept, so that its file can be replaced or removed everywhere.</summary>
    public static void Clear()
    {
        Entry? old;
        lock (Gate)
            (old, _kept) = (_kept, null);
        if (old is not null)
            Leave(old);
    }

    // Reading takes long for large graphs; others wait rather than read the same once more.
    private static Entry Take(IndexGraph graph, CancellationToken cancellation)
    {
        lock (Gate)
        {
            if (_kept is null || !_kept.Graph.Is(graph))
            {
                if (_kept is { } old)
                    Leave(old);
                _kept = null;
                _kept = new(new(graph, cancellation));
            }

            _kept.Users++;
            return _kept;
        }
    }

    // What is kept counts as a user.
    private static void Leave(Entry entry)
    {
        lock (Gate)
        {
            if (--entry.Users == 0)
                entry.Graph.Dispose();
        }
    }

    private sealed class Entry(OpenGraph graph)
    {
        public OpenGraph Graph { get; } = graph;

        public int Users { get; set; } = 1;
    }
}
