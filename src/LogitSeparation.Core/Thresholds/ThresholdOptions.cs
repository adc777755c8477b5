namespace LogitSeparation.Core.Thresholds;

/// <summary>How a threshold is chosen.</summary>
public sealed record ThresholdOptions
{
    /// <summary>What it is chosen for.</summary>
    public ThresholdTarget Target { get; init; } = ThresholdTarget.F1;

    /// <summary>
    /// The share of the class among the examples that will be asked about, in (0, 1); null where it is that of the labelled ones. The
    /// class's logits and those of the others are taken to be distributed as there (label shift).
    /// </summary>
    public double? Prevalence { get; init; }

    /// <summary>
    /// The probability with which the precision or recall is to hold on new examples, in (0, 1); null for a threshold that has it on the
    /// labelled ones alone. The labelled examples have to be drawn independently from what the new ones come from, and must not have
    /// been trained on.
    /// </summary>
    public double? Confidence { get; init; }

    /// <summary>How the class's logits are made probabilities, of the same examples.</summary>
    public CalibrationMethod Calibration { get; init; } = CalibrationMethod.Platt;

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="SlcException"><c>PrevalenceOutOfRange</c>, <c>ConfidenceOutOfRange</c>, <c>ConfidenceWithoutTarget</c>.</exception>
    internal void Validate()
    {
        RequireShare(Prevalence, nameof(Prevalence));
        RequireShare(Confidence, nameof(Confidence));
        if (Confidence is not null && Target.Measure is ThresholdMeasure.F1 or ThresholdMeasure.Cost)
        {
            throw new SlcException("ConfidenceWithoutTarget", SlcErrorKind.InvalidArgument,
                "A confidence promises a precision or a recall, and none was asked for. Say which: -Precision or -Recall.", nameof(Confidence));
        }
    }

    private static void RequireShare(double? value, string name)
    {
        if (value is { } share && !(share > 0 && share < 1))
        {
            throw new SlcException($"{name}OutOfRange", SlcErrorKind.InvalidArgument,
                FormattableString.Invariant($"The {name.ToLowerInvariant()} is {share}, which is not above 0 and below 1."), name);
        }
    }
}
