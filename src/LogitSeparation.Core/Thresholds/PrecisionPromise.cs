namespace LogitSeparation.Core.Thresholds;

/// <summary>
/// A threshold whose precision on new examples holds with a confidence, although it is chosen on the labelled examples themselves.
/// The thresholds that compete are the scores of ranks that are fixed beforehand (<see cref="PromiseRanks"/>). Given the score of a rank, the
/// examples above it are independent draws from all examples above that score, so the true ones among them are binomial with the precision
/// there, exactly. The ranks are tested from the smallest on, each at its own share of the error and that of the test before where it
/// passed (the fallback procedure, Wiens and Dmitrienko 2005), and of those that pass the largest, which has the highest recall, is taken.
/// </summary>
/// <remarks>
/// Why no more than the error goes wrong: call a rank bad whose precision is too low. The first bad rank to pass has at most its own share and
/// those of the ranks since the bad rank before it, which did not pass. These sums are fixed, no share is in two of them, and so the
/// probability that any bad rank passes is at most the sum of all shares, however the tests depend on each other.
/// </remarks>
internal sealed class PrecisionPromise
{
    private readonly ClassScores _scores;
    private readonly double _precision;
    private readonly double? _prevalence;
    private readonly double _error;

    /// <summary>Plans the tests.</summary>
    /// <param name="scores">The class's scores.</param>
    /// <param name="precision">The precision to promise, in (0, 1].</param>
    /// <param name="prevalence">The share of the class among new examples; null for that of the labelled ones.</param>
    /// <param name="confidence">In (0, 1).</param>
    public PrecisionPromise(ClassScores scores, double precision, double? prevalence, double confidence)
    {
        (_scores, _precision, _prevalence) = (scores, precision, prevalence);

        // With another prevalence, half of the error goes to how far the labelled examples' own may be from the true one.
        _error = prevalence is null ? 1 - confidence : (1 - confidence) / 2;
    }

    /// <summary>The threshold; null where none passes.</summary>
    public ThresholdCandidate? Find()
    {
        var needed = Needed(_scores.Positives, _scores.Count);
        ThresholdCandidate? best = null;
        var passed = 0.0;
        foreach (var (size, share) in Ranks(_scores.Count).All)
        {
            var level = share + passed;
            passed = 0;
            if (level > 0 && _scores.AtRank((int)size + 1, _prevalence) is { Selected: > 0 } item
                && BinomialBound.UpperTail(item.TruePositives, item.Selected, needed) <= level)
                (best, passed) = (item, level);
        }

        return best;
    }

    /// <summary>Why there is none, and what would help.</summary>
    public string Explain()
    {
        if (_precision == 1)
            return "No number of examples promises that nothing is ever selected wrongly: ask for less than 1";
        var plan = new PromiseSize(_scores, Ranks, Needed);
        var needed = Needed(_scores.Positives, _scores.Count);
        if (plan.Find() is { } count)
            return FormattableString.Invariant($"About {count} labelled examples like these {_scores.Count} would");
        if (plan.IsPossible)
            return FormattableString.Invariant($"More than {PromiseSize.Most} labelled examples like these would be needed: ask for less");
        if (BinomialBound.TrialsFor(needed, _error) is not { } fewest)
            return "No number of examples like these would: ask for less, or for a larger prevalence";
        return _scores.Count < fewest
            ? FormattableString.Invariant($"At least {fewest} selected examples without a wrong one are needed, and there are {_scores.Count} in all")
            : FormattableString.Invariant($"Of the largest logits a share of at most {plan.Highest:G4} is true, where {needed:G4} is needed: more examples like these would not help, ask for less");
    }

    private PromiseRanks Ranks(long count) => new(count, _precision, _error);

    // The precision that is needed among examples with the class's own share. It depends on the labels; the ranks and shares must not.
    private double Needed(long positives, long count)
    {
        if (_prevalence is not { } share)
            return _precision;
        var odds = Odds(_precision) * Odds(BinomialBound.Upper(positives, count, _error)) / Odds(share);
        return double.IsPositiveInfinity(odds) ? 1 : odds / (1 + odds);
    }

    private static double Odds(double share) => share / (1 - share);
}
