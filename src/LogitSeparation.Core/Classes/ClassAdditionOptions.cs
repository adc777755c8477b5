using LogitSeparation.Core.Data;
using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.Core.Classes;

/// <summary>How a class is added to a model.</summary>
public sealed record ClassAdditionOptions
{
    /// <summary>The number of the class's training examples to use, chosen by <see cref="Seed"/>; null for all.</summary>
    public int? ExampleCount { get; init; }

    /// <summary>Decides which examples are used where not all are.</summary>
    public int Seed { get; init; }

    /// <summary>Where the other examples come from; null for the other classes of the class's data set, or the model's own data set where there are none.</summary>
    public Dataset? Negatives { get; init; }

    /// <summary>The weight λ of the penalty λ/2 ‖w‖² on the row, in units of the features' deviations.</summary>
    public double Penalty { get; init; } = 0.01;

    /// <summary>How the threshold of the class is chosen on the validation split.</summary>
    public ThresholdOptions Threshold { get; init; } = new();

    /// <summary>The device that computes the features.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="SlcException"><c>InvalidExampleCount</c>, <c>InvalidPenalty</c>; and those of <see cref="ThresholdOptions"/>.</exception>
    internal void Validate()
    {
        if (ExampleCount is < 1)
        {
            throw new SlcException("InvalidExampleCount", SlcErrorKind.InvalidArgument,
                FormattableString.Invariant($"-ExampleCount is {ExampleCount}, but must be a whole number of at least 1."), nameof(ExampleCount));
        }

        if (!(double.IsFinite(Penalty) && Penalty > 0))
        {
            throw new SlcException("InvalidPenalty", SlcErrorKind.InvalidArgument,
                FormattableString.Invariant($"-Penalty is {Penalty}, but must be a finite number above 0."), nameof(Penalty));
        }

        Threshold.Validate();
    }
}
