using System.Text.Json.Serialization;

namespace LogitSeparation.Core.Thresholds;

/// <summary>
/// What a threshold is chosen for: the best F1, the best recall at a precision, the best precision at a recall, or the least cost.
/// </summary>
public sealed record ThresholdTarget
{
    [JsonConstructor]
    private ThresholdTarget(ThresholdMeasure measure, double? value)
    {
        Measure = measure;
        Value = value;
    }

    /// <summary>The highest F1 = 2 TP / (2 TP + FP + FN).</summary>
    public static ThresholdTarget F1 { get; } = new(ThresholdMeasure.F1, null);

    /// <summary>The measure that is aimed at.</summary>
    public ThresholdMeasure Measure { get; }

    /// <summary>The precision or recall to reach, or the ratio of costs; null for F1.</summary>
    public double? Value { get; }

    /// <summary>The highest recall among thresholds of at least this precision.</summary>
    /// <param name="precision">In (0, 1].</param>
    public static ThresholdTarget Precision(double precision) => new(ThresholdMeasure.Precision, Checked(precision, nameof(precision)));

    /// <summary>The highest precision among thresholds of at least this recall.</summary>
    /// <param name="recall">In (0, 1].</param>
    public static ThresholdTarget Recall(double recall) => new(ThresholdMeasure.Recall, Checked(recall, nameof(recall)));

    /// <summary>The least cost, ratio FP + FN.</summary>
    /// <param name="ratio">
    /// What an example costs that is selected wrongly, where one that is missed costs 1: positive and finite. Of logits that are
    /// probabilities, 1 / (1 + 1/ratio) would be the threshold (Elkan 2001, equation 2); here the examples decide.
    /// </param>
    public static ThresholdTarget Cost(double ratio) => ratio > 0 && double.IsFinite(ratio)
        ? new(ThresholdMeasure.Cost, ratio)
        : throw new SlcException("ThresholdTargetOutOfRange", SlcErrorKind.InvalidArgument,
            FormattableString.Invariant($"The ratio of costs is {ratio}, which is not a positive number."), nameof(ratio));

    /// <inheritdoc/>
    public override string ToString() => Measure switch
    {
        ThresholdMeasure.F1 => "F1",
        ThresholdMeasure.Cost => FormattableString.Invariant($"{Value} FP + FN"),
        _ => FormattableString.Invariant($"{Measure} >= {Value}"),
    };

    private static double Checked(double value, string name) => value > 0 && value <= 1
        ? value
        : throw new SlcException("ThresholdTargetOutOfRange", SlcErrorKind.InvalidArgument,
            FormattableString.Invariant($"The target {name} is {value}, which is not above 0 and at most 1."), name);
}
