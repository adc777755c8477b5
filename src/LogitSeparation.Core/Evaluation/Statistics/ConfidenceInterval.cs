namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>An interval made so that it covers the true value in a stated share of repetitions of the whole experiment.</summary>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end, at least <paramref name="Lower"/>.</param>
/// <param name="Level">The share of repetitions, above 0 and below 1.</param>
public sealed record ConfidenceInterval(double Lower, double Upper, double Level)
{
    /// <summary>The level that is used where none is asked for.</summary>
    public const double DefaultLevel = 0.95;

    /// <summary>Whether a value lies in the interval, its ends included.</summary>
    /// <param name="value">The value.</param>
    public bool Contains(double value) => Lower <= value && value <= Upper;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"[{Lower:0.####}, {Upper:0.####}]");

    /// <summary>Refuses what is no level.</summary>
    /// <exception cref="SlcException"><c>ConfidenceLevelOutOfRange</c>.</exception>
    internal static void CheckLevel(double level)
    {
        if (!(level > 0 && level < 1))
        {
            throw new SlcException("ConfidenceLevelOutOfRange", SlcErrorKind.InvalidArgument, FormattableString.Invariant(
                $"The confidence level is {level}, but must be above 0 and below 1: for example 0.95."), level);
        }
    }
}
