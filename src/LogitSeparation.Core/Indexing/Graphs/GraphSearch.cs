using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>
/// Answers classes from the graph of an index without a pass over it: the graph leads to candidates, whose logits are then computed from the index's own
/// features. So each logit is what <see cref="IndexSearch"/> gives, and what is approximate is only whether all of the largest are found.
/// </summary>
public static class GraphSearch
{
    /// <summary>Finds the examples with the largest logits of some classes.</summary>
    /// <param name="index">The index, whose graph was made.</param>
    /// <param name="model">A model with the trunk that made it; heads may differ.</param>
    /// <param name="queries">The classes and their thresholds.</param>
    /// <param name="top">How many matches, of all classes together.</param>
    /// <param name="effort">How many candidates are kept on the way for each class, at least <paramref name="top"/>; null for <see cref="IndexGraph.EffortFor"/>.</param>
    /// <param name="cancellation">Looked at while the graph is opened.</param>
    /// <returns>The largest first, of equal ones in the order of the examples; each says which recall was measured.</returns>
    /// <exception cref="SlcException">
    /// <c>GraphMissing</c>, <c>GraphOutdated</c>, <c>GraphOfAnotherIndex</c>, <c>GraphDamaged</c>, <c>GraphTruncated</c>, <c>GraphLibraryNotLoaded</c>,
    /// <c>EffortTooSmall</c>, and those of <see cref="IndexSearch.Find"/>.
    /// </exception>
    public static IReadOnlyList<Match> Find(
        FeatureIndex index, Model model, IReadOnlyList<ClassQuery> queries, int top, int? effort, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(queries);
        ClassQuery.Check(queries, model);
        if (effort < top)
        {
            throw new SlcException("EffortTooSmall", SlcErrorKind.InvalidArgument, FormattableString.Invariant(
                $"An effort of {effort} gives at most {effort} matches, and {top} are asked for. Give at least as many, or leave it out."), nameof(effort));
        }

        index.CheckModel(model);
        var graph = IndexGraph.Open(index);
        var chosen = (int)Math.Min(effort ?? graph.EffortFor(top), graph.Count);
        var rows = QueryRows.Of(model, queries, index);
        var (k, d) = (model.ClassNames.Count, model.FeatureCount);
        var weights = model.GetWeight("head.weight", [k, d]).Values;
        var candidates = GraphCache.Use(graph, open => queries.SelectMany(query => open.Search(weights.Span.Slice(query.Class * d, d), chosen)).ToArray(), cancellation);

        using var file = index.Reopen();
        using var scan = new IndexScan(index, file, rows);
        var parts = index.PartsOf(candidates);
        var best = scan.Run(parts, cancellation).SelectMany((hits, part) => hits.Select(hit => (parts[part].Segment, hit))).OrderByDescending(found => found.hit.Logit).Take(top);
        var recall = graph.RecallOf(top, chosen)?.Recall ?? double.NaN;
        return Array.ConvertAll(new HitMatches(index, file, model, queries, rows).Of([.. best]), match => match with { Recall = recall });
    }
}
