using System.Management.Automation;
using LogitSeparation.Core.Indexing;
using LogitSeparation.Core.Indexing.Graphs;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Makes an index's graph, which takes long, and shows how far that is.</summary>
internal static class GraphProgress
{
    /// <summary>Makes it.</summary>
    /// <param name="cmdlet">Whose progress it is.</param>
    /// <param name="index">The index.</param>
    /// <param name="model">Whose classes are asked to measure recall.</param>
    /// <param name="cancellation">Stops it.</param>
    public static void Build(Cmdlet cmdlet, FeatureIndex index, Model model, CancellationToken cancellation)
    {
        using var line = new ProgressLine(cmdlet, "Graph");
        var graph = GraphBuilder.Build(
            index, model, count => line.Report(FormattableString.Invariant($"{count} of {index.Count} examples"), (double)count / index.Count), cancellation);
        cmdlet.WriteVerbose($"'{graph.Path}': recall {string.Join(", ", graph.Recall)}.");
    }
}
