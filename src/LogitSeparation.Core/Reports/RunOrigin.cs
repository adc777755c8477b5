using System.Globalization;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Reports;

/// <summary>How a model was made: what has to be known to make it again.</summary>
public sealed record RunOrigin
{
    /// <summary>What has a property of its own, and so is no parameter.</summary>
    private static readonly string[] ShownElsewhere =
        [nameof(TrainingOptions.Network), nameof(TrainingOptions.HiddenUnit), nameof(TrainingOptions.Device)];

    /// <summary>The version of this software that trained the model.</summary>
    public required string Version { get; init; }

    /// <summary>The network's kind and the sizes of its layers.</summary>
    public required string Network { get; init; }

    /// <summary>The parameters of training and loss by name, in the order in which they are shown.</summary>
    public required IReadOnlyDictionary<string, string> Parameter { get; init; }

    /// <summary>SHA-256 of the data set's pixels and labels.</summary>
    public required string DatasetChecksum { get; init; }

    /// <summary>The seed of the data set's split, and the number of validation examples.</summary>
    public required string DatasetSplit { get; init; }

    /// <summary>The device that it was trained on.</summary>
    public required string Device { get; init; }

    /// <summary>The number of threads that it was trained with.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>How long the training took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Reads it off a model.</summary>
    /// <param name="model">The model.</param>
    public static RunOrigin Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var identity = model.DatasetIdentity;
        var network = model.Network;
        return new RunOrigin
        {
            Version = model.Version,
            Network = $"{network.Name} {string.Join('-', [network.InputLength, .. network.HiddenUnit, network.ClassCount])}",
            Parameter = Parameters(model.Training, model.LossOptions, model.Loss),
            DatasetChecksum = identity.Checksum,
            DatasetSplit = FormattableString.Invariant($"seed {identity.Seed}, {identity.ValidationCount} for validation"),
            Device = model.Training.Device,
            ThreadCount = model.ThreadCount,
            Duration = model.Duration,
        };
    }

    // All options, so that none is forgotten when one is added; but for those that decided nothing.
    internal static IReadOnlyDictionary<string, string> Parameters(TrainingOptions training, Losses.LossOptions options, string loss)
    {
        var own = Losses.LossCatalog.ParametersOf(loss);
        return Values(training).Where(item => !ShownElsewhere.Contains(item.Name) && item.Value.Length > 0)
            .Where(item => item.Name != nameof(TrainingOptions.CropShift) || training.Augmentation.HasFlag(Augmentation.ShiftedCrop))
            .Where(item => item.Name != nameof(TrainingOptions.Momentum) || training.Optimizer == OptimizerKind.Sgd)
            .Concat(Values(options).Where(item => own.Contains(item.Name)))
            .ToDictionary(item => item.Name == nameof(TrainingOptions.StepCount) ? "Step" : item.Name, item => item.Value);
    }

    private static IEnumerable<(string Name, string Value)> Values(object options) => options.GetType().GetProperties()
        .Select(property => (property.Name, Text(property.GetValue(options))));

    private static string Text(object? value) => value is IEnumerable<double> numbers
        ? string.Join(' ', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
