namespace LogitSeparation.Core.Thresholds;

/// <summary>
/// The function of the logit that does not fall and is nearest to the labels (0 or 1) in the sum of squares: pool adjacent violators
/// (M. Ayer et al. 1955). Equal logits get one value.
/// </summary>
internal static class IsotonicRegression
{
    private readonly record struct Pool(double First, double Last, double True, double Count)
    {
        public double Value => True / Count;

        public Pool Join(Pool next) => new(First, next.Last, True + next.True, Count + next.Count);
    }

    /// <summary>Fits.</summary>
    /// <param name="scores">n ≥ 1 finite logits, ascending.</param>
    /// <param name="isTrue">Which are those of examples of the class.</param>
    public static Calibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> isTrue)
    {
        var pools = new Stack<Pool>();
        for (var i = 0; i < scores.Length;)
        {
            var pool = new Pool(scores[i], scores[i], 0, 0);
            for (; i < scores.Length && scores[i] == pool.First; i++)
                pool = pool with { True = pool.True + (isTrue[i] ? 1 : 0), Count = pool.Count + 1 };
            while (pools.Count > 0 && pools.Peek().Value >= pool.Value)
                pool = pools.Pop().Join(pool);
            pools.Push(pool);
        }

        return new() { Method = CalibrationMethod.Isotonic, Point = pools.Reverse().SelectMany(Points).ToArray() };
    }

    private static IEnumerable<CalibrationPoint> Points(Pool pool)
    {
        yield return new(pool.First, pool.Value);
        if (pool.Last > pool.First)
            yield return new(pool.Last, pool.Value);
    }
}
