using System.Globalization;
using LogitSeparation.Core.Data;

namespace LogitSeparation.Core.Models;

/// <summary>How a model is trained. The defaults are those of the cmdlet.</summary>
public sealed record TrainingOptions
{
    /// <summary>The network's name.</summary>
    public string Network { get; init; } = "MLP";

    /// <summary>The number of units of each hidden layer of the MLP (the paper: two of 500).</summary>
    public IReadOnlyList<int> HiddenUnit { get; init; } = new[] { 500, 500 };

    /// <summary>
    /// The learning rate η; with several, a model is trained with each and the one that <see cref="SelectBy"/> finds best
    /// is kept (section 6).
    /// </summary>
    public IReadOnlyList<double> LearningRate { get; init; } = new[] { 0.1 };

    /// <summary>How the learning rate goes over the steps.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>By which measure on the validation split one of several learning rates is kept; of equals, the first.</summary>
    public SelectionMeasure SelectBy { get; init; } = SelectionMeasure.Accuracy;

    /// <summary>The number of steps.</summary>
    public int StepCount { get; init; } = 2000;

    /// <summary>The number of examples of a batch, m.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>The momentum μ of SGD, 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The weight λ of the penalty λ/2 ‖w‖² on every trained parameter; 0 for none.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Decides initial weights, the order of examples and noise classes.</summary>
    public int Seed { get; init; }

    /// <summary>The device: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, …</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Steps between two points of the history; 0 for a twentieth of the steps.</summary>
    public int HistoryInterval { get; init; }

    /// <summary>Refuses what cannot be trained with.</summary>
    /// <param name="dataset">What is to be trained on.</param>
    /// <exception cref="SlcException"><c>InvalidTrainingOption</c>, naming the parameter.</exception>
    internal void Validate(Dataset dataset)
    {
        Require(LearningRate.Count > 0 && LearningRate.All(rate => double.IsFinite(rate) && rate > 0), nameof(LearningRate),
            Join(LearningRate), "one finite number above 0, or several");
        Require(LearningRate.Count == 1 || dataset.Validation.Count > 0, nameof(LearningRate),
            Join(LearningRate), "one number where the data set has no validation examples to choose by (see -ValidationCount)");
        Require(Enum.IsDefined(Schedule), nameof(Schedule), Schedule, string.Join(", ", Enum.GetNames<LearningRateSchedule>()));
        Require(Enum.IsDefined(SelectBy), nameof(SelectBy), SelectBy, string.Join(" or ", Enum.GetNames<SelectionMeasure>()));
        Require(SelectBy == SelectionMeasure.Accuracy || dataset.Validation.Count > 0, nameof(SelectBy), SelectBy,
            "Accuracy where the data set has no validation examples (see -ValidationCount)");
        Require(StepCount >= 1, "Step", StepCount, "a whole number of at least 1");
        Require(BatchSize >= 2, nameof(BatchSize), BatchSize, "a whole number of at least 2 (the principle and batch normalisation need two examples)");
        Require(BatchSize <= dataset.Train.Count, nameof(BatchSize), BatchSize,
            FormattableString.Invariant($"at most the {dataset.Train.Count} training examples of {dataset.Name}"));
        Require(double.IsFinite(Momentum) && Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "a number from 0 to below 1");
        Require(double.IsFinite(WeightDecay) && WeightDecay >= 0, nameof(WeightDecay), WeightDecay, "a finite number of at least 0");
        Require(HistoryInterval >= 0, nameof(HistoryInterval), HistoryInterval, "a whole number of at least 0");
    }

    private static string Join(IEnumerable<double> values) =>
        string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    private static void Require(bool holds, string parameter, object value, string expected)
    {
        if (!holds)
        {
            throw new SlcException("InvalidTrainingOption", SlcErrorKind.InvalidArgument,
                FormattableString.Invariant($"-{parameter} is {value}, but must be {expected}."), parameter);
        }
    }
}
