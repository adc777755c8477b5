namespace LogitSeparation.Core.Evaluation;

/// <summary>A threshold for one class, and what the test z > t gives with it on the examples that it was chosen on.</summary>
public sealed record ClassThreshold
{
    /// <summary>The class's name.</summary>
    public required string Class { get; init; }

    /// <summary>The class's column, 0 … k-1.</summary>
    public required int Index { get; init; }

    /// <summary>What the threshold was chosen for.</summary>
    public required ThresholdTarget Target { get; init; }

    /// <summary>
    /// The threshold t of the test z > t: midway between the lowest logit that it selects and the highest that it does not, so that
    /// new examples have room on both sides. Negative infinity where everything is selected.
    /// </summary>
    public required double Threshold { get; init; }

    /// <summary>TP / (TP + FP).</summary>
    public required double Precision { get; init; }

    /// <summary>TP / P.</summary>
    public required double Recall { get; init; }

    /// <summary>2 TP / (2 TP + FP + FN).</summary>
    public required double F1 { get; init; }

    /// <summary>The number of examples above the threshold.</summary>
    public required int Selected { get; init; }

    /// <summary>The number of examples of the class, P.</summary>
    public required int Positives { get; init; }

    /// <summary>The number of all examples, n.</summary>
    public required int Count { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Class}: z > {Threshold:G6}");
}
