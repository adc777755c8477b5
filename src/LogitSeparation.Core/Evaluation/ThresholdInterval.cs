namespace LogitSeparation.Core.Evaluation;

/// <summary>The thresholds t for which the test z > t is right for every logit: all t with From ≤ t &lt; Below.</summary>
/// <param name="From">The largest false logit; negative infinity where there is none.</param>
/// <param name="Below">The smallest true logit.</param>
public sealed record ThresholdInterval(double From, double Below)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"[{From}, {Below})");
}
