namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// The weaker form of the principle for one class, with a threshold of its own: whether the class's logit is greater for each of its
/// examples than for any other example. A class without examples has no true logits: it holds, with no pairs and an infinite margin.
/// </summary>
public sealed record ClassSeparation
{
    /// <summary>The name of the class.</summary>
    public required string Name { get; init; }

    /// <summary>Its column of the table.</summary>
    public required int Index { get; init; }

    /// <summary>The number of its examples, P.</summary>
    public required int Positives { get; init; }

    /// <summary>Whether its smallest true logit is greater than its largest false one.</summary>
    public required bool Holds { get; init; }

    /// <summary>Its smallest true logit minus its largest false one, in double; 0 where the two are equal.</summary>
    public required double Margin { get; init; }

    /// <summary>Its smallest true logit; positive infinity where it has no examples.</summary>
    public required double MinTrueLogit { get; init; }

    /// <summary>Its largest logit of another class's example; negative infinity where there is none.</summary>
    public required double MaxFalseLogit { get; init; }

    /// <summary>The number of pairs of one of its examples and one of another class's with true ≤ false.</summary>
    public required long ViolatingPairs { get; init; }

    /// <summary>The number of all such pairs, P (n - P).</summary>
    public required long Pairs { get; init; }

    /// <summary>The share of violating pairs, 0 … 1; 0 where there are no pairs. One minus it is the area under the ROC curve, ties against it.</summary>
    public double ViolatingShare => Pairs == 0 ? 0 : ViolatingPairs / (double)Pairs;

    /// <summary>The thresholds that separate the class's examples from all others; null where the class has none or does not hold.</summary>
    public ThresholdInterval? Threshold => Holds && Positives > 0 ? new ThresholdInterval(MaxFalseLogit, MinTrueLogit) : null;
}
