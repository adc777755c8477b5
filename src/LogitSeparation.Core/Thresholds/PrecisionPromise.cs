namespace LogitSeparation.Core.Thresholds;

/// <summary>
/// A threshold whose precision on new examples holds with a confidence, although it is chosen on the labelled examples themselves.
/// The thresholds that compete are the scores of ranks s_1 &lt; s_2 &lt; …, and the ranks are fixed beforehand by the number of examples.
/// Given the score of rank s, the examples above it are independent draws from all examples above that score, so the true ones among them
/// are binomial with the precision there, exactly; each rank is tested at its share of the error that is allowed (Bonferroni), and of
/// those that pass, the one with the highest recall is taken.
/// </summary>
internal sealed class PrecisionPromise
{
    private const double Growth = 1.25;

    // What share of the largest logits is true, less than ten do not say.
    private const int FewestToLearnFrom = 10;

    private readonly ClassScores _scores;
    private readonly double _precision;
    private readonly double? _prevalence;
    private readonly double _error;
    private readonly double _needed;
    private readonly int[] _ranks;

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
        _needed = prevalence is { } share
            ? Share(Odds(precision) * Odds(BinomialBound.Upper(scores.Positives, scores.Count, _error)) / Odds(share))
            : precision;
        _ranks = Ranks();
    }

    /// <summary>The threshold, and the bound on its precision; null where none passes.</summary>
    public (ThresholdCandidate Candidate, double Bound)? Find()
    {
        (ThresholdCandidate, double)? best = null;
        for (var i = 0; i < _ranks.Length; i++)
        {
            var item = _scores.AtRank(_ranks[i], _prevalence);
            if (item.Selected > 0 && BinomialBound.UpperTail(item.TruePositives, item.Selected, _needed) <= ErrorOf(i))
                best = (item, Math.Max(_precision, FromOwn(BinomialBound.Lower(item.TruePositives, item.Selected, ErrorOf(i)))));
        }

        return best;
    }

    /// <summary>Why there is none, and what would help.</summary>
    public string Explain()
    {
        var (most, needed) = (0.0, (long?)null);
        for (var rank = FewestToLearnFrom + 1; rank <= _scores.Count + 1; rank = Math.Max(rank + 1, (int)(rank * Growth)))
        {
            var item = _scores.AtRank(rank, null);
            if (item.Selected == 0)
                continue;
            most = Math.Max(most, item.Precision);
            if (BinomialBound.TrialsFor(item.Precision, _needed, ErrorOf(0)) is { } trials)
                needed = Math.Min(needed ?? long.MaxValue, (long)Math.Ceiling(trials / (double)item.Selected * _scores.Count));
        }

        if (_precision == 1)
            return "No number of examples promises that nothing is ever selected wrongly: ask for less than 1";
        if (needed is not null)
            return $"About {Round(Math.Max(needed.Value, _scores.Count + 1))} labelled examples like these {_scores.Count} would";
        if (BinomialBound.TrialsFor(1, _needed, ErrorOf(0)) is not { } fewest)
            return "No number of examples like these would: ask for less, or for a larger prevalence";
        return _scores.Count < fewest
            ? FormattableString.Invariant($"At least {fewest} selected examples without a wrong one are needed, and there are {_scores.Count} in all")
            : FormattableString.Invariant($"Of the largest logits a share of at most {most:G4} is true, where {_needed:G4} is needed: more examples like these would not help, ask for less");
    }

    // From the fewest examples that could pass, each a quarter more than the one before, to all.
    private int[] Ranks()
    {
        var ranks = new List<int>();
        if (_needed < 1)
        {
            var fewest = Math.Ceiling(Math.Log(_error) / Math.Log(_needed));
            for (var size = Math.Max(1, fewest); size < _scores.Count; size = Math.Ceiling(size * Growth))
                ranks.Add((int)size + 1);
            if (fewest <= _scores.Count)
                ranks.Add(_scores.Count + 1);
        }

        return [.. ranks];
    }

    // The i-th test is allowed a share of 1/i, since few examples need it most.
    private double ErrorOf(int i)
    {
        var sum = 0.0;
        for (var j = 1; j <= Math.Max(1, _ranks.Length); j++)
            sum += 1.0 / j;
        return _error / ((i + 1) * sum);
    }

    private double FromOwn(double bound) => _prevalence is { } share
        ? Share(Odds(bound) / Odds(BinomialBound.Upper(_scores.Positives, _scores.Count, _error)) * Odds(share))
        : bound;

    private static double Odds(double share) => share / (1 - share);

    private static double Share(double odds) => double.IsPositiveInfinity(odds) ? 1 : odds / (1 + odds);

    private static long Round(long count)
    {
        var unit = (long)Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(count)) - 1));
        return (count + unit - 1) / unit * unit;
    }
}
