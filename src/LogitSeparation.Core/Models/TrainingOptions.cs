using System.Globalization;
using System.Text.Json.Serialization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Models;

/// <summary>How a model is trained. The defaults are those of the cmdlet.</summary>
public sealed record TrainingOptions
{
    private const int MaxCropShift = 1 << 16;

    /// <summary>The numbers of a batch that one span of float32 can hold.</summary>
    private const long MostBatchNumbers = int.MaxValue / sizeof(float);

    /// <summary>The network's name, or <see cref="NetworkCatalog.Auto"/> for the paper's for such examples.</summary>
    public string Network { get; init; } = NetworkCatalog.Auto;

    /// <summary>The user's own code that the network comes from; null for a network of this module.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AssemblyIdentity? Assembly { get; init; }

    /// <summary>The number of units of each fully connected layer before the head; empty for the paper's.</summary>
    public IReadOnlyList<int> HiddenUnit { get; init; } = Array.Empty<int>();

    /// <summary>
    /// The learning rate η; with several, a model is trained with each and the one that <see cref="SelectBy"/> finds best
    /// is kept (section 6).
    /// </summary>
    public IReadOnlyList<double> LearningRate { get; init; } = new[] { 0.03 };

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

    /// <summary>How training pictures are varied.</summary>
    public Augmentation Augmentation { get; init; }

    /// <summary>The largest shift of <see cref="Models.Augmentation.ShiftedCrop"/> in either direction, in pixels.</summary>
    public int CropShift { get; init; } = 4;

    /// <summary>How exactly the products of the trunk are computed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ProductPrecision ProductPrecision { get; init; }

    /// <summary>Decides initial weights, the order of examples, noise classes and augmentation.</summary>
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
        var mostRows = MostBatchNumbers / Math.Max(1, dataset.ExampleShape.Aggregate(1L, (product, size) => product * size));
        Require(BatchSize <= mostRows, nameof(BatchSize), BatchSize,
            FormattableString.Invariant($"at most {mostRows} for examples of that size ({string.Join(" x ", dataset.ExampleShape)})"));
        Require(double.IsFinite(Momentum) && Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "a number from 0 to below 1");
        Require(double.IsFinite(WeightDecay) && WeightDecay >= 0, nameof(WeightDecay), WeightDecay, "a finite number of at least 0");
        Require(Augmentation == Augmentation.None || dataset.ExampleShape.Count == 3, nameof(Augmentation), Augmentation,
            $"None where examples are not pictures, as those of {dataset.Name} are not");
        Require(CropShift is >= 1 and <= MaxCropShift, nameof(CropShift), CropShift, $"a whole number from 1 to {MaxCropShift}");
        Require(Enum.IsDefined(ProductPrecision), nameof(ProductPrecision), ProductPrecision, string.Join(", ", Enum.GetNames<ProductPrecision>()));
        Require(ProductPrecision == ProductPrecision.Full || Assembly is null, nameof(ProductPrecision), ProductPrecision,
            "Full with a network of your own, whose code decides itself how it multiplies");
        Require(HistoryInterval >= 0, nameof(HistoryInterval), HistoryInterval, "a whole number of at least 0");
    }

    /// <summary>Refuses what the device has no units for.</summary>
    /// <param name="device">The device, opened.</param>
    /// <exception cref="SlcException"><c>InvalidTrainingOption</c>.</exception>
    internal void Validate(torch.Device device) => Require(
        ProductPrecision != ProductPrecision.Tf32 || device.type == DeviceType.CUDA, nameof(ProductPrecision), ProductPrecision,
        $"Full or BFloat16 on the device {Device}, since only CUDA devices compute with it");

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
