namespace LogitSeparation.Core.Evaluation;

/// <summary>What a threshold is chosen for: the best F1, or the best recall at a precision, or the best precision at a recall.</summary>
public sealed record ThresholdTarget
{
    private ThresholdTarget(ThresholdMeasure measure, double? value)
    {
        Measure = measure;
        Value = value;
    }

    /// <summary>The highest F1 = 2 TP / (2 TP + FP + FN).</summary>
    public static ThresholdTarget F1 { get; } = new(ThresholdMeasure.F1, null);

    /// <summary>The measure that is aimed at.</summary>
    public ThresholdMeasure Measure { get; }

    /// <summary>The precision or recall to reach; null for F1.</summary>
    public double? Value { get; }

    /// <summary>The highest recall among thresholds of at least this precision.</summary>
    /// <param name="precision">In (0, 1].</param>
    public static ThresholdTarget Precision(double precision) => new(ThresholdMeasure.Precision, Checked(precision, nameof(precision)));

    /// <summary>The highest precision among thresholds of at least this recall.</summary>
    /// <param name="recall">In (0, 1].</param>
    public static ThresholdTarget Recall(double recall) => new(ThresholdMeasure.Recall, Checked(recall, nameof(recall)));

    /// <inheritdoc/>
    public override string ToString() => Value is null ? $"{Measure}" : FormattableString.Invariant($"{Measure} >= {Value}");

    private static double Checked(double value, string name) => value > 0 && value <= 1
        ? value
        : throw new SlcException("ThresholdTargetOutOfRange", SlcErrorKind.InvalidArgument,
            FormattableString.Invariant($"The target {name} is {value}, which is not above 0 and at most 1."), name);
}
