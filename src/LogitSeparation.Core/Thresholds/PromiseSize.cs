namespace LogitSeparation.Core.Thresholds;

/// <summary>How many labelled examples would do for a promise that these do not give: found by the tests that so many would be put to.</summary>
internal sealed class PromiseSize
{
    /// <summary>The largest number that is said.</summary>
    public const long Most = 1_000_000_000;

    // What share of the largest logits is true, fewer than ten do not say.
    private const int FewestToLearnFrom = 10;

    private const double Growth = 1.1;

    // The lower fifth of the normal distribution: the promise is to come about in four of five cases.
    private const double LowerFifth = 0.8416;

    private readonly ClassScores _scores;
    private readonly Func<long, PromiseRanks> _ranks;
    private readonly Func<long, long, double> _needed;

    /// <summary>Prepares the search.</summary>
    /// <param name="scores">The scores that do not do.</param>
    /// <param name="ranks">The tests of a number of examples.</param>
    /// <param name="needed">The precision that they need, of a number of true ones and of all.</param>
    public PromiseSize(ClassScores scores, Func<long, PromiseRanks> ranks, Func<long, long, double> needed) =>
        (_scores, _ranks, _needed) = (scores, ranks, needed);

    /// <summary>The highest share of true ones that was seen among the largest logits.</summary>
    public double Highest { get; private set; }

    /// <summary>Whether any share is above the one that is needed, so that some number must do.</summary>
    public bool IsPossible { get; private set; }

    /// <summary>The number, to two digits; null where none up to <see cref="Most"/> does.</summary>
    public long? Find()
    {
        if (_scores.Count < FewestToLearnFrom)
            return null;
        for (var count = Math.Ceiling(_scores.Count * Growth); count <= Most; count = Math.Ceiling(count * Growth))
        {
            if (Does((long)count))
                return Round((long)count);
        }

        return null;
    }

    private bool Does(long count)
    {
        var needed = _needed((long)Math.Round(_scores.Positives / (double)_scores.Count * count), count);
        foreach (var (size, share) in _ranks(count).Entries)
        {
            var expected = Expected(size / (double)count);
            if (expected <= needed)
                continue;
            IsPossible = true;
            var found = (size * expected) - (LowerFifth * Math.Sqrt(size * expected * (1 - expected)));
            if (BinomialBound.UpperTail((long)found, size, needed) <= share)
                return true;
        }

        return false;
    }

    // The best of many shares that were seen is too good by chance, and one without any error is not without any: as if one more of each had been.
    private double Expected(double part)
    {
        var size = Math.Clamp((int)Math.Round(part * _scores.Count), FewestToLearnFrom, _scores.Count);
        var item = _scores.AtRank(size + 1, null);
        if (item.Selected == 0)
            return 0;
        Highest = Math.Max(Highest, item.Precision);
        return (item.TruePositives + 1) / (item.Selected + 2.0);
    }

    private static long Round(long count)
    {
        var unit = (long)Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(count)) - 1));
        return (count + unit - 1) / unit * unit;
    }
}
