using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>What a graph is made with, as the library's C interface has it (<c>usearch_init_options_t</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GraphOptions
{
    /// <summary>The distance.</summary>
    public int Metric;

    /// <summary>A function for distances of one's own; none.</summary>
    public nint OwnMetric;

    /// <summary>What vectors are kept as.</summary>
    public int Kind;

    /// <summary>The length of a vector.</summary>
    public nuint Dimension;

    /// <summary>The neighbours of a vector above the lowest level, where it has twice as many.</summary>
    public nuint Connectivity;

    /// <summary>The candidates kept while a vector is added.</summary>
    public nuint AddingEffort;

    /// <summary>The candidates kept while one is searched for.</summary>
    public nuint SearchEffort;

    /// <summary>Whether a key may have several vectors: 0 or 1.</summary>
    public byte IsMulti;
}
