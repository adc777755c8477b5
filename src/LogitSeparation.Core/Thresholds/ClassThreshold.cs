using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Thresholds;

/// <summary>A threshold for one class, or one for all, and what the test z > t gives with it on the examples that it was chosen on.</summary>
public sealed record ClassThreshold
{
    /// <summary>The class's name; null for a threshold of all classes.</summary>
    public required string? Class { get; init; }

    /// <summary>The class's column, 0 … k-1; null for a threshold of all classes.</summary>
    public required int? Index { get; init; }

    /// <summary>What the threshold was chosen for.</summary>
    public required ThresholdTarget Target { get; init; }

    /// <summary>
    /// The threshold t of the test z > t: midway between the lowest logit that it selects and the highest that it does not, so that
    /// new examples have room on both sides; the latter itself where a precision is promised, since between the two it would be another's.
    /// Negative infinity where everything is selected.
    /// </summary>
    public required double Threshold { get; init; }

    /// <summary>
    /// TP / (TP + FP): on these examples, or with the <see cref="Prevalence"/> that was said. 1 where nothing is selected, as then
    /// nothing is wrongly.
    /// </summary>
    public required double Precision { get; init; }

    /// <summary>TP / P.</summary>
    public required double Recall { get; init; }

    /// <summary>The harmonic mean of precision and recall; 0 where nothing is selected.</summary>
    public required double F1 { get; init; }

    /// <summary>The number of logits above the threshold.</summary>
    public required long Selected { get; init; }

    /// <summary>How many of them are true ones, TP.</summary>
    public required long TruePositives { get; init; }

    /// <summary>The number of true logits, P: of examples of the class.</summary>
    public required long Positives { get; init; }

    /// <summary>The number of all logits: n, or n k for a threshold of all classes.</summary>
    public required long Count { get; init; }

    /// <summary>The share of the class among the examples that the precision is for; null where it is that of these examples.</summary>
    public double? Prevalence { get; init; }

    /// <summary>The probability with which what is <see cref="Promised"/> holds; null where nothing is.</summary>
    public double? Confidence { get; init; }

    /// <summary>
    /// The precision or the recall, whichever was asked for, that new examples have at least with this threshold: a bound that is wrong
    /// with a probability of at most 1 - <see cref="Confidence"/> over the draw of the examples that it was chosen on.
    /// </summary>
    public double? Promised { get; init; }

    /// <summary>
    /// What the class's logits say in probabilities, fitted to the same examples (for the <see cref="Prevalence"/> that was said); null
    /// for a threshold of all classes.
    /// </summary>
    public Calibration? Calibration { get; init; }

    /// <summary>What a model carries of it.</summary>
    public KeptThreshold ToKept() =>
        new(Class, Threshold, Target.ToString()) { Promised = Promised, Confidence = Confidence, Calibration = Calibration };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Class ?? "all classes"}: z > {Threshold:G6}");
}
