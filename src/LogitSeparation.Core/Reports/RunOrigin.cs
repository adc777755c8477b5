using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Reports;

/// <summary>How a model was made: what has to be known to make it again.</summary>
public sealed record RunOrigin
{
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
            Parameter = Parameters(model),
            DatasetChecksum = identity.Checksum,
            DatasetSplit = FormattableString.Invariant($"seed {identity.Seed}, {identity.ValidationCount} for validation"),
            Device = model.Training.Device,
            ThreadCount = model.ThreadCount,
            Duration = model.Duration,
        };
    }

    private static Dictionary<string, string> Parameters(Model model)
    {
        var (training, loss) = (model.Training, model.LossOptions);
        var values = new (string Name, IFormattable Value)[]
        {
            ("LearningRate", model.LearningRate), ("Schedule", training.Schedule), ("Step", training.StepCount), ("BatchSize", training.BatchSize),
            ("Optimizer", training.Optimizer), ("Momentum", training.Momentum), ("WeightDecay", training.WeightDecay),
            ("Seed", training.Seed), ("Alpha", loss.Alpha), ("Gamma", loss.Gamma), ("NoiseCount", loss.NoiseCount),
            ("NoisePrior", loss.NoisePrior), ("NoiseSampling", loss.NoiseSampling), ("Epsilon", loss.Epsilon),
        };
        var own = Losses.LossCatalog.All.FirstOrDefault(info => info.Name == model.Loss)?.Parameters ?? [];
        const int TrainingCount = 8;
        return values.Where((item, i) => i < TrainingCount || own.Contains(item.Name))
            .ToDictionary(item => item.Name, item => item.Value.ToString(null, System.Globalization.CultureInfo.InvariantCulture));
    }
}
