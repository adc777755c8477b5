namespace LogitSeparation.Core.Latency;

/// <summary>What the rounds of a measurement took.</summary>
/// <param name="Nanoseconds">The median of a call.</param>
/// <param name="LowerQuartile">The lower quartile.</param>
/// <param name="UpperQuartile">The upper quartile.</param>
/// <param name="RoundCount">The number of rounds.</param>
/// <param name="CallCount">The calls of a round.</param>
internal sealed record CallTiming(double Nanoseconds, double LowerQuartile, double UpperQuartile, int RoundCount, long CallCount)
{
    /// <summary>Sums up rounds.</summary>
    /// <param name="rounds">The time of a call in each, in nanoseconds; at least one.</param>
    /// <param name="callCount">The calls of a round.</param>
    public static CallTiming Of(IReadOnlyCollection<double> rounds, long callCount)
    {
        double[] sorted = [.. rounds.Order()];
        return new(Quantile(sorted, 0.5), Quantile(sorted, 0.25), Quantile(sorted, 0.75), sorted.Length, callCount);
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
