using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>How well one class is told from the others by its score. Null stands for a class without positives.</summary>
public sealed record ClassMetrics
{
    /// <summary>The class's name.</summary>
    public required string Name { get; init; }

    /// <summary>The class's column, 0 … k-1.</summary>
    public required int Index { get; init; }

    /// <summary>The number of examples of the class, P.</summary>
    public required int Positives { get; init; }

    /// <summary>Average precision: the step-wise area under the precision-recall curve, 0 … 1.</summary>
    public double? Auprc { get; init; }

    /// <summary>The area under the same points by the trapezoid rule, which interpolates and so flatters; for comparison only.</summary>
    public double? AuprcTrapezoid { get; init; }

    /// <summary>The highest precision among thresholds whose recall is at least 0.9.</summary>
    public double? PrecisionAt90 { get; init; }

    /// <summary>The highest precision among thresholds whose recall is at least 0.99.</summary>
    public double? PrecisionAt99 { get; init; }

    /// <summary>The highest precision at each recall that was asked for, 0.9 and 0.99 included, in order of recall.</summary>
    public required IReadOnlyDictionary<double, double?> PrecisionAtRecall { get; init; }

    /// <summary>The highest F1 = 2 TP / (2 TP + FP + FN) of any threshold, 0 … 1; null too where no threshold selects a positive.</summary>
    public double? BestF1 { get; init; }

    /// <summary>
    /// The threshold t of the test z > t that gives <see cref="BestF1"/>, as <see cref="Thresholds"/> chooses it: midway between the
    /// lowest score that it selects and the highest that it does not.
    /// </summary>
    public double? BestF1Threshold { get; init; }

    /// <summary>The share of the class's examples whose largest logit (the first of equals) is the true one: its recall by the arg max.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The share of the class's examples whose true logit is among the five largest.</summary>
    public double? Top5Accuracy { get; init; }

    /// <summary>
    /// The share of the class's examples that <see cref="SlcMetrics.UniformThreshold"/>, which is the same for all classes, gets wholly
    /// right: 0 where there is none.
    /// </summary>
    public double? UniformAccuracy { get; init; }

    /// <summary>Bootstrap intervals of the measures, by name; null where none were asked for, or the class has no positives.</summary>
    public IReadOnlyDictionary<string, ConfidenceInterval>? Interval { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
