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
    private const long WaveRows = 1L << 22;

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
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(queries);
        ClassQuery.Check(queries, model);
        index.CheckModel(model);
        var rows = QueryRows.Of(model, queries, index);
        using var file = FeatureIndex.OpenFile(index.Path);
        using var scan = new IndexScan(index, file, rows);
        foreach (var wave in Waves(index))
        {
            var hits = scan.Run(wave, cancellation);
            SegmentNames? names = null;
            IndexSegment? named = null;
            for (var part = 0; part < wave.Count; part++)
            {
                foreach (var hit in hits[part])
                {
                    if (named != wave[part].Segment)
                        (named, names) = (wave[part].Segment, index.ReadNames(file.SafeFileHandle, wave[part].Segment));
                    yield return queries[hit.Query].ToMatch(model, names![hit.Row], hit.Logit) with { Source = names.Source, LogitError = rows.LogitError[hit.Query] };
                }
            }
        }
    }

    // Parts of neighbouring segments, so that many small ones keep all processors busy too.
    internal static IEnumerable<List<IndexPart>> Waves(FeatureIndex index)
    {
        var rowBytes = (long)index.FeatureCount * FeatureCoding.SizeOf(index.Type);
        var rows = (int)Math.Clamp(PartBytes / rowBytes, 1, int.MaxValue);
        var waveRows = Math.Clamp(WaveBytes / rowBytes, 1, WaveRows);
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
