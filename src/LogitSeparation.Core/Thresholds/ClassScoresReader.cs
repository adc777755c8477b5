using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Thresholds;

/// <summary>Reads the logits of classes from a table, many in one pass; from a model those alone are computed.</summary>
internal static class ClassScoresReader
{
    private const int BlockLength = 1 << 20;

    // 128 MiB of scores.
    private const int StripLength = 1 << 24;

    // A pass through a trunk costs more than memory: 1 GiB of scores.
    private const int ModelStripLength = 1 << 27;

    /// <summary>The scores of classes in the order that they are asked for; of a class with a NaN the error <c>NaNLogit</c>.</summary>
    /// <param name="logits">n x k.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    public static IEnumerable<ClassColumn> Read(Logits logits, IReadOnlyList<int> classes, CancellationToken cancellation)
    {
        var length = logits is ModelLogits ? ModelStripLength : StripLength;
        var width = Math.Clamp(length / Math.Max(1, logits.Count), 1, Math.Max(1, classes.Count));
        for (var first = 0; first < classes.Count; first += width)
        {
            var strip = classes.Skip(first).Take(width).ToArray();
            var columns = Array.ConvertAll(strip, _ => new double[logits.Count]);
            Gather(logits, strip, columns, cancellation);
            for (var c = 0; c < strip.Length; c++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (j, column) = (strip[c], columns[c]);
                yield return Array.FindIndex(column, double.IsNaN) is var wrong and >= 0
                    ? new(j, null, LogitErrors.NaN(logits, wrong, j))
                    : new(j, new(column, IsTrue(logits.Labels.Span, j)), null);
            }
        }
    }

    private static bool[] IsTrue(ReadOnlySpan<int> labels, int j)
    {
        var isTrue = new bool[labels.Length];
        for (var i = 0; i < labels.Length; i++)
            isTrue[i] = labels[i] == j;
        return isTrue;
    }

    private static void Gather(Logits logits, int[] classes, double[][] columns, CancellationToken cancellation)
    {
        if (logits is ModelLogits model)
            Gather(model.ReadColumns(classes), classes.Length, [.. Enumerable.Range(0, classes.Length)], columns, z => z, cancellation);
        else if (logits.IsDouble)
            Gather(RowBlocks.Of<double>(logits, BlockLength), logits.ClassCount, classes, columns, z => z, cancellation);
        else
            Gather(RowBlocks.Of<float>(logits, BlockLength), logits.ClassCount, classes, columns, z => z, cancellation);
    }

    private static void Gather<T>(
        IEnumerable<RowBlock<T>> blocks, int width, int[] places, double[][] columns, Func<T, double> widen, CancellationToken cancellation)
        where T : unmanaged
    {
        foreach (var block in blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            var values = block.Values;
            Partition.ForEach(block.RowCount, minimum: 64, (from, to) =>
            {
                for (var row = from; row < to; row++)
                {
                    var z = values.Span.Slice(row * width, width);
                    for (var c = 0; c < places.Length; c++)
                        columns[c][block.FirstRow + row] = widen(z[places[c]]);
                }
            });
        }
    }
}
