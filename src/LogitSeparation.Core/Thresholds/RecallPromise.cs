namespace LogitSeparation.Core.Thresholds;

/// <summary>
/// A threshold whose recall on new examples holds with a confidence. A threshold below the r-th smallest of P independent true scores
/// misses more than a share of 1 - recall only where fewer than r of them fall into that share, whatever their distribution: one binomial
/// probability, and the largest r for which it is small enough is taken. Nothing is chosen by the labels of others, so nothing has to be
/// corrected for.
/// </summary>
internal static class RecallPromise
{
    /// <summary>The rank r of the true score that the threshold may be just below; 0 where there are too few.</summary>
    /// <param name="positives">P.</param>
    /// <param name="recall">In (0, 1].</param>
    /// <param name="confidence">In (0, 1).</param>
    public static int Rank(int positives, double recall, double confidence)
    {
        if (recall == 1)
            return 0;

        // P(X ≤ r - 1) for X binomial with 1 - recall is P(P - X ≥ P - r + 1) with recall, and grows with r.
        var (rank, tooHigh) = (0, positives + 1);
        while (tooHigh - rank > 1)
        {
            var middle = rank + ((tooHigh - rank) / 2);
            (rank, tooHigh) = BinomialBound.UpperTail(positives - middle + 1, positives, recall) <= 1 - confidence ? (middle, tooHigh) : (rank, middle);
        }

        return rank;
    }

    /// <summary>The number of true scores that a promise needs; null for a recall of 1, which no number promises.</summary>
    /// <param name="recall">In (0, 1].</param>
    /// <param name="confidence">In (0, 1).</param>
    public static long? PositivesFor(double recall, double confidence) => BinomialBound.TrialsFor(recall, 1 - confidence);
}
