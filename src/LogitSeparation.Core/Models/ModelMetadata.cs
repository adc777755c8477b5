using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Networks;

namespace LogitSeparation.Core.Models;

/// <summary>Everything of a model that is not a weight, as it stands in a saved model's metadata.</summary>
internal sealed record ModelMetadata
{
    /// <summary>The layout of this record; a reader refuses what is newer than it knows.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required NetworkSpec Network { get; init; }

    public required string Loss { get; init; }

    /// <summary>Whether the loss is the user's own, of which nothing but its name is known; null where it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsOwnLoss { get; init; }

    public required LossOptions LossOptions { get; init; }

    public required TrainingOptions Training { get; init; }

    public required DatasetIdentity Dataset { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    public required PixelScaling Scaling { get; init; }

    public required int ThreadCount { get; init; }

    public required IReadOnlyList<HistoryPoint> History { get; init; }

    public required double Seconds { get; init; }

    public required string Version { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<KeptThreshold>? Threshold { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AddedClass>? AddedClass { get; init; }

    /// <summary>What is to be written of a model.</summary>
    public static ModelMetadata Describe(Model model) => new()
    {
        Format = CurrentFormat,
        Network = model.Network,
        Loss = model.Loss,
        IsOwnLoss = LossCatalog.Known.All(info => info.Name != model.Loss) ? true : null,
        LossOptions = model.LossOptions,
        Training = model.Training,
        Dataset = model.DatasetIdentity,
        ClassNames = model.ClassNames,
        Scaling = model.Scaling,
        ThreadCount = model.ThreadCount,
        History = model.History,
        Seconds = model.Duration.TotalSeconds,
        Version = model.Version,
        Threshold = model.Threshold.Count == 0 ? null : model.Threshold,
        AddedClass = model.AddedClass.Count == 0 ? null : model.AddedClass,
    };

    /// <summary>The model of this description.</summary>
    /// <exception cref="InvalidDataException">What it says cannot be.</exception>
    public Model CreateModel(IReadOnlyDictionary<string, Weight> weights)
    {
        Require(Format is >= 1 and <= CurrentFormat, $"format {Format} is not one that this version reads (1 … {CurrentFormat})");
        Require(Network is { Name: not null, InputShape.Count: > 0, HiddenUnit: not null, ClassCount: > 0 }, "the network is incomplete");
        Require(Network.InputShape.Concat(Network.HiddenUnit).All(size => size > 0), "the network has sizes that are not positive");
        Require(ClassNames is not null && ClassNames.All(name => name is not null), "the class names are incomplete");
        var names = ClassNames.ToHashSet(StringComparer.Ordinal);
        Require(ClassNames.Count == Network.ClassCount, $"there are {ClassNames.Count} class names for {Network.ClassCount} classes");
        Require(Loss is not null && LossOptions is not null, "the loss is incomplete");
        Require(Training is { LearningRate.Count: 1, HiddenUnit: not null, Device: not null }, "how it was trained is incomplete");
        Require(Dataset is { Name: not null, Checksum: not null }, "the data set is incomplete");
        Require(Scaling is not null && Scaling.IsUsable() && Scaling.Fits(Network.InputLength), "the scaling is not usable");
        Require(History is not null && History.All(point => point is not null), "the history is incomplete");
        Require(double.IsFinite(Seconds) && Seconds is >= 0 and < 1e10 && Version is not null, "the duration or version is not usable");
        Require(Threshold is null || Threshold.All(kept => kept is { Target: not null } && !double.IsNaN(kept.Threshold)
            && (kept.Class is null || names.Contains(kept.Class))), "the thresholds are not usable");
        Require(Threshold is null || Threshold.All(kept => kept.Calibration?.IsUsable() != false), "the calibration of a threshold is not usable");
        Require(AddedClass is null || AddedClass.All(added => added is { Class: not null, Dataset: not null } && names.Contains(added.Class)),
            "the added classes are not usable");
        LossOptions.Validate();
        var model = new Model(Network, weights)
        {
            Loss = IsOwnLoss == true ? Loss : LossCatalog.Find(Loss).Name,
            LossOptions = LossOptions,
            Training = Training,
            DatasetIdentity = Dataset,
            ClassNames = ClassNames,
            Scaling = Scaling,
            ThreadCount = ThreadCount,
            History = History,
            Duration = TimeSpan.FromSeconds(Seconds),
            Version = Version,
            AddedClass = AddedClass?.ToArray() ?? Array.Empty<AddedClass>(),
        };
        model.Keep(Threshold ?? Array.Empty<KeptThreshold>());
        return model;
    }

    private static void Require([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds)
            throw new InvalidDataException(what);
    }
}
