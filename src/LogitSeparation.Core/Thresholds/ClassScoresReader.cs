using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Thresholds;

/// <summary>Reads the logits of classes from a table, many in one pass.</summary>
internal static class ClassScoresReader
{
    private const int BlockLength = 1 << 20;

    // 128 MiB of scores.
    private const int StripLength = 1 << 24;

    /// <summary>The scores of classes in the order that they are asked for.</summary>
    /// <param name="logits">n x k.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <exception cref="SlcException"><c>NaNLogit</c>, where a class comes that has one.</exception>
    public static IEnumerable<(int Class, ClassScores Scores)> Read(Logits logits, IReadOnlyList<int> classes, CancellationToken cancellation)
    {
        var width = Math.Clamp(StripLength / Math.Max(1, logits.Count), 1, Math.Max(1, classes.Count));
        for (var first = 0; first < classes.Count; first += width)
        {
            var strip = classes.Skip(first).Take(width).ToArray();
            var columns = Array.ConvertAll(strip, _ => new double[logits.Count]);
            if (logits.IsDouble)
                Gather<double>(logits, strip, columns, z => z, cancellation);
            else
                Gather<float>(logits, strip, columns, z => z, cancellation);
            for (var c = 0; c < strip.Length; c++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (j, column) = (strip[c], columns[c]);
                if (Array.FindIndex(column, double.IsNaN) is var wrong and >= 0)
                    throw LogitErrors.NaN(logits, wrong, j);
                yield return (j, new(column, Array.ConvertAll(logits.Labels.ToArray(), label => label == j)));
            }
        }
    }

    private static void Gather<T>(Logits logits, int[] classes, double[][] columns, Func<T, double> widen, CancellationToken cancellation)
        where T : unmanaged
    {
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellation.ThrowIfCancellationRequested();
            var values = block.Values;
            Partition.ForEach(block.RowCount, minimum: 64, (from, to) =>
            {
                for (var row = from; row < to; row++)
                {
                    var z = values.Span.Slice(row * logits.ClassCount, logits.ClassCount);
                    for (var c = 0; c < classes.Length; c++)
                        columns[c][block.FirstRow + row] = widen(z[classes[c]]);
                }
            });
        }
    }
}
