using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Indexing;

/// <summary>Makes matches of what a scan found. Names are read by whole segments, and those of the last one are at hand.</summary>
/// <param name="index">The index.</param>
/// <param name="file">Its file.</param>
/// <param name="model">The model that asked.</param>
/// <param name="queries">What it asked.</param>
/// <param name="rows">The same, as it was scanned for.</param>
internal sealed class HitMatches(FeatureIndex index, FileStream file, Model model, IReadOnlyList<ClassQuery> queries, QueryRows rows)
{
    private IndexSegment? _segment;
    private SegmentNames? _names;

    /// <summary>The match of a hit.</summary>
    public Match Of(IndexSegment segment, IndexHit hit)
    {
        if (_segment != segment)
            (_segment, _names) = (segment, index.ReadNames(file.SafeFileHandle, segment));
        return queries[hit.Query].ToMatch(model, _names![hit.Row], hit.Logit) with { Source = _names.Source, LogitError = rows.LogitError[hit.Query] };
    }

    /// <summary>The matches of some hits, in their order; each segment's names are read once.</summary>
    public Match[] Of(IReadOnlyList<(IndexSegment Segment, IndexHit Hit)> hits)
    {
        var matches = new Match[hits.Count];
        foreach (var place in Enumerable.Range(0, hits.Count).OrderBy(i => hits[i].Segment.Offset))
            matches[place] = Of(hits[place].Segment, hits[place].Hit);
        return matches;
    }
}
