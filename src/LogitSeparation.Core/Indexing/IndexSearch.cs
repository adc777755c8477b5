using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Indexing;

/// <summary>
/// Answers classes from an index, in one pass at the speed of memory: the file is mapped, all processors read it, and each row of it
/// is multiplied with the rows of the head that are asked for.
/// </summary>
public static class IndexSearch
{
    // What one thread takes at a time, and what is read before the matches in it are given out.
    private const int PartBytes = 2 << 20;
    private const long WaveBytes = 1L << 30;
    private const long WaveLogits = 1L << 22;

    /// <summary>Finds the examples of some classes, in the order in which they were added.</summary>
    /// <param name="index">The index.</param>
    /// <param name="model">A model with the trunk that made it; heads may differ.</param>
    /// <param name="queries">The classes and their thresholds.</param>
    /// <param name="cancellation">Looked at before each part of 2 MiB.</param>
    /// <returns>The matches of each example in the order of the queries; each says by how much its logit may be off.</returns>
    /// <exception cref="SlcException">
    /// <c>ClassOutOfRange</c>, <c>IndexOfAnotherModel</c>, <c>IndexDamaged</c>, <c>IndexTruncated</c>, and those of files.
    /// </exception>
    public static IEnumerable<Match> Find(FeatureIndex index, Model model, IReadOnlyList<ClassQuery> queries, CancellationToken cancellation)
    {
        using var file = Open(index, model, queries);
        var rows = QueryRows.Of(model, queries, index);
        using var scan = new IndexScan(index, file, rows);
        var matches = new HitMatches(index, file, model, queries, rows);
        foreach (var (segment, hit) in Hits(index, scan, queries.Count, cancellation))
            yield return matches.Of(segment, hit);
    }

    /// <summary>Finds the examples with the largest logits of some classes; only their names are read.</summary>
    /// <param name="index">The index.</param>
    /// <param name="model">A model with the trunk that made it; heads may differ.</param>
    /// <param name="queries">The classes and their thresholds.</param>
    /// <param name="top">How many matches, of all classes together.</param>
    /// <param name="cancellation">Looked at before each part of 2 MiB.</param>
    /// <returns>The largest first, of equal ones in the order in which they were added.</returns>
    /// <exception cref="SlcException">As of <see cref="Find"/>.</exception>
    public static IReadOnlyList<Match> FindLargest(
        FeatureIndex index, Model model, IReadOnlyList<ClassQuery> queries, int top, CancellationToken cancellation)
    {
        using var file = Open(index, model, queries);
        var rows = QueryRows.Of(model, queries, index);
        using var scan = new IndexScan(index, file, rows);
        var largest = new LargestLogits<(IndexSegment, IndexHit)>(top);
        foreach (var (segment, hit) in Hits(index, scan, queries.Count, cancellation))
            largest.Offer((segment, hit), hit.Logit);
        return new HitMatches(index, file, model, queries, rows).Of(largest.Take());
    }

    private static FileStream Open(FeatureIndex index, Model model, IReadOnlyList<ClassQuery> queries)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(queries);
        ClassQuery.Check(queries, model);
        index.CheckModel(model);
        return index.Reopen();
    }

    private static IEnumerable<(IndexSegment Segment, IndexHit Hit)> Hits(FeatureIndex index, IndexScan scan, int queryCount, CancellationToken cancellation)
    {
        foreach (var wave in Waves(index, queryCount))
        {
            var hits = scan.Run(wave, cancellation);
            for (var part = 0; part < wave.Count; part++)
            {
                foreach (var hit in hits[part])
                    yield return (wave[part].Segment, hit);
            }
        }
    }

    // Parts of neighbouring segments, so that many small ones keep all processors busy too.
    internal static IEnumerable<List<IndexPart>> Waves(FeatureIndex index, int queryCount = 1)
    {
        var rowBytes = (long)index.FeatureCount * FeatureCoding.SizeOf(index.Type);
        var rows = (int)Math.Clamp(PartBytes / rowBytes, 1, int.MaxValue);
        var waveRows = Math.Clamp(WaveBytes / rowBytes, 1, Math.Max(1, WaveLogits / Math.Max(1, queryCount)));
        var (wave, taken) = (new List<IndexPart>(), 0L);
        foreach (var segment in index.Segments)
        {
            for (var first = 0; first < segment.RowCount; first += rows)
            {
                var count = Math.Min(rows, segment.RowCount - first);
                wave.Add(new(segment, first, count));
                taken += count;
                if (taken < waveRows)
                    continue;
                yield return wave;
                (wave, taken) = ([], 0);
            }
        }

        if (wave.Count > 0)
            yield return wave;
    }
}
