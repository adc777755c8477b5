namespace LogitSeparation.Core.Thresholds;

/// <summary>A threshold, and what it selects of the labelled examples.</summary>
/// <param name="Threshold">t of the test z > t.</param>
/// <param name="TruePositives">The true logits above it.</param>
/// <param name="FalsePositives">The others above it.</param>
/// <param name="Positives">All true logits.</param>
/// <param name="FalseWeight">What one that is not true counts, where the classes' shares are to be others than those of the examples.</param>
internal readonly record struct ThresholdCandidate(double Threshold, long TruePositives, long FalsePositives, long Positives, double FalseWeight)
{
    public long Selected => TruePositives + FalsePositives;

    public double Precision => Selected == 0 ? 1 : TruePositives / (TruePositives + (FalseWeight * FalsePositives));

    public double Recall => TruePositives / (double)Positives;

    public double F1 => 2.0 * TruePositives / (TruePositives + (FalseWeight * FalsePositives) + Positives);

    /// <summary>ratio FP + FN.</summary>
    public double Cost(double ratio) => (ratio * FalseWeight * FalsePositives) + Positives - TruePositives;

    /// <summary>The weight of false logits that makes the share of true ones what it is to be.</summary>
    /// <param name="prevalence">In (0, 1); null for what it is.</param>
    /// <param name="positives">The number of true logits.</param>
    /// <param name="count">The number of all.</param>
    public static double WeightOfFalse(double? prevalence, long positives, long count) => prevalence is { } share && count > positives
        ? (1 - share) / share * (positives / (double)(count - positives))
        : 1;
}
