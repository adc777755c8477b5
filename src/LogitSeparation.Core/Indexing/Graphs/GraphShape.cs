namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>What decides how well a graph leads.</summary>
internal static class GraphShape
{
    /// <summary>The neighbours of a vector.</summary>
    public const int Connectivity = 16;

    /// <summary>The candidates kept while a vector is added.</summary>
    public const int AddingEffort = 128;
}
