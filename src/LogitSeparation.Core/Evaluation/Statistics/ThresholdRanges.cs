using System.Numerics;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>
/// For each example the range of thresholds that get it wholly right, from its largest false score up to below its true one. Sorted
/// once, the ranges give the uniform accuracy of every resample (see <see cref="UniformAccuracy"/>).
/// </summary>
internal sealed class ThresholdRanges<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockLength = 1 << 22;

    private readonly T[] _starts;
    private readonly T[] _ends;
    private readonly int[] _byStart;
    private readonly int[] _byEnd;

    private ThresholdRanges(T[] largestFalse, T[] trueScores)
    {
        int[] right = [.. Enumerable.Range(0, trueScores.Length).Where(i => trueScores[i] > largestFalse[i])];
        (_byStart, _byEnd) = (right, (int[])right.Clone());
        (_starts, _ends) = (Array.ConvertAll(right, i => largestFalse[i]), Array.ConvertAll(right, i => trueScores[i]));
        Array.Sort(_starts, _byStart);
        Array.Sort(_ends, _byEnd);
    }

    /// <summary>One pass over a table of scores.</summary>
    /// <param name="scores">The table, without NaN.</param>
    /// <param name="cancellationToken">Stops the work between blocks.</param>
    public static ThresholdRanges<T> Of(Logits scores, CancellationToken cancellationToken)
    {
        var k = scores.ClassCount;
        var (rows, trueScores) = (new RowFindings<T>(scores.Count), new T[scores.Count]);
        foreach (var block in RowBlocks.Of<T>(scores, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Partition.ForEach(block.RowCount, minimum: Math.Max(1, (1 << 14) / k), (from, to) =>
            {
                var first = block.FirstRow + from;
                var labels = scores.Labels.Span.Slice(first, to - from);
                var group = new RowGroup<T>(first, k, block.Values.Span[(from * k)..(to * k)], labels);
                rows.Add(group);
                for (var row = 0; row < group.Count; row++)
                    trueScores[first + row] = group.Row(row)[labels[row]];
            });
        }

        return new ThresholdRanges<T>(rows.LargestFalse, trueScores);
    }

    /// <summary>The largest number of a resample's examples that one threshold gets wholly right.</summary>
    /// <param name="counts">How often each of the n examples is there.</param>
    public long Measure(ReadOnlySpan<int> counts)
    {
        long open = 0, most = 0;
        var ended = 0;
        for (var started = 0; started < _starts.Length; started++)
        {
            open += counts[_byStart[started]];
            for (; _ends[ended] <= _starts[started]; ended++)
                open -= counts[_byEnd[ended]];
            most = Math.Max(most, open);
        }

        return most;
    }
}
