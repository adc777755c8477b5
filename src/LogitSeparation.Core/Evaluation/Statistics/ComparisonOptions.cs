namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>How losses are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The loss, measured by single logits, that the others are compared with.</summary>
    public string Reference { get; init; } = "CE";

    /// <summary>The names of the measures; empty for the four of the paper's Table 1.</summary>
    public IReadOnlyList<string> Metric { get; init; } = [];

    /// <summary><see cref="Pairing.Seed"/> or <see cref="Pairing.Class"/>; null for seeds where two or more are common, and classes otherwise.</summary>
    public Pairing? Pairing { get; init; }

    /// <summary>The test; null for Student's over seeds and Wilcoxon's over classes.</summary>
    public TestKind? Test { get; init; }

    /// <summary>The level of intervals; a p-value below one minus it counts.</summary>
    public double ConfidenceLevel { get; init; } = ConfidenceInterval.DefaultLevel;
}
