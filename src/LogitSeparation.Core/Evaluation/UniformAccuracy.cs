using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// The largest number of examples that one threshold gets wholly right: an example is right for f ≤ t &lt; z, with z its true score
/// and f its largest false one, so what is asked for is the point that most of these intervals share.
/// </summary>
/// <param name="Count">The number of examples; 0 where none has z > f.</param>
/// <param name="Threshold">A threshold with that count, the lowest interval's middle; null where the count is 0.</param>
internal readonly record struct UniformAccuracy(int Count, double? Threshold)
{
    /// <summary>Finds it, in O(n log n).</summary>
    /// <param name="trueScores">n true scores, none NaN.</param>
    /// <param name="largestFalse">n largest false scores.</param>
    public static UniformAccuracy Of<T>(ReadOnlySpan<T> trueScores, ReadOnlySpan<T> largestFalse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (starts, ends) = (new T[trueScores.Length], new T[trueScores.Length]);
        var count = 0;
        for (var i = 0; i < trueScores.Length; i++)
        {
            if (trueScores[i] > largestFalse[i])
                (starts[count], ends[count++]) = (largestFalse[i], trueScores[i]);
        }

        Array.Sort(starts, 0, count);
        Array.Sort(ends, 0, count);
        return Sweep<T>(starts.AsSpan(0, count), ends.AsSpan(0, count));
    }

    /// <summary>Goes up through the points where intervals begin or end; at one point the ends come first, as t &lt; z is strict.</summary>
    private static UniformAccuracy Sweep<T>(ReadOnlySpan<T> starts, ReadOnlySpan<T> ends)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (best, ended) = (new UniformAccuracy(0, null), 0);
        for (var started = 0; started < starts.Length; started++)
        {
            var t = starts[started];
            while (ends[ended] <= t)
                ended++;
            var open = started + 1 - ended;
            if (open <= best.Count)
                continue;
            // No interval begins or ends between t and the next of either.
            var next = started + 1 < starts.Length && starts[started + 1] < ends[ended] ? starts[started + 1] : ends[ended];
            best = new(open, Midpoint.Between(double.CreateChecked(t), double.CreateChecked(next)));
        }

        return best;
    }
}
