namespace LogitSeparation.Core.Thresholds;

/// <summary>Takes the best of all thresholds that make a difference. Among equals the higher one wins.</summary>
internal static class ThresholdChoice
{
    /// <summary>The best.</summary>
    /// <param name="candidates">From the highest threshold down.</param>
    /// <param name="target">What is best.</param>
    /// <param name="what">Whose threshold it is, e.g. <c>class 'cat'</c>.</param>
    /// <param name="subject">The class's name, for the error.</param>
    /// <exception cref="SlcException"><c>PrecisionUnreachable</c> (names the highest there is), <c>RecallUnreachable</c>.</exception>
    public static ThresholdCandidate Best(IReadOnlyList<ThresholdCandidate> candidates, ThresholdTarget target, string what, string? subject)
    {
        var value = target.Value ?? 0;
        var best = target.Measure switch
        {
            ThresholdMeasure.Precision => Largest(candidates.Where(item => item.Selected > 0 && item.Precision >= value), item => (item.Recall, item.Precision)),
            ThresholdMeasure.Recall => Largest(candidates.Where(item => item.Recall >= value), item => (item.Precision, item.Recall)),
            ThresholdMeasure.Cost => Largest(candidates, item => (-item.Cost(value), item.Precision)),
            _ => Largest(candidates.Where(item => item.Selected > 0), item => (item.F1, item.Precision)),
        };
        if (best is not null)
            return best.Value;

        if (target.Measure == ThresholdMeasure.Precision)
        {
            var highest = candidates.Where(item => item.Selected > 0).Select(item => item.Precision).DefaultIfEmpty().Max();
            throw new SlcException("PrecisionUnreachable", SlcErrorKind.InvalidData, FormattableString.Invariant(
                $"No threshold of {what} has a precision of {value}: the highest is {highest}. Ask for less."), subject);
        }

        throw RecallUnreachable(what, target, subject);
    }

    /// <summary>The error for true logits that no threshold selects.</summary>
    /// <param name="what">What the threshold is for, in words.</param>
    /// <param name="target">What to choose for.</param>
    /// <param name="subject">The class's name, for the error.</param>
    public static SlcException RecallUnreachable(string what, ThresholdTarget target, string? subject) => new("RecallUnreachable", SlcErrorKind.InvalidData,
        $"No threshold of {what} reaches {target}: its logits are negative infinity, which no test z > t selects. Leave such examples out.", subject);

    private static ThresholdCandidate? Largest(IEnumerable<ThresholdCandidate> candidates, Func<ThresholdCandidate, (double First, double Second)> key)
    {
        ThresholdCandidate? best = null;
        foreach (var candidate in candidates)
        {
            if (best is null || key(candidate).CompareTo(key(best.Value)) > 0)
                best = candidate;
        }

        return best;
    }
}
