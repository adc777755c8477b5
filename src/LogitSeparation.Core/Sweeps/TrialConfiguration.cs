using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// All that decides the outcome of a trial, and nothing else: no device, threads, paths, or names that come from paths. Two trials are the same if and only if
/// their configurations are.
/// </summary>
public sealed record TrialConfiguration
{
    /// <summary>The layout of <c>trial.json</c>; a reader refuses what is newer than it knows.</summary>
    internal const int CurrentFormat = 1;

    /// <summary>The layout in which it was written.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>What is trained on; without paths.</summary>
    public required DatasetIdentity Dataset { get; init; }

    /// <summary>The name of the loss.</summary>
    public required string Loss { get; init; }

    /// <summary>The hyperparameters of the loss; those that it does not read have their defaults.</summary>
    public required LossOptions LossOptions { get; init; }

    /// <summary>How it is trained, with one learning rate.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>The SHA-256 of the canonical JSON, in lower-case hexadecimal: the name of the trial's folder.</summary>
    public string Id() => Identify(ToJson());

    /// <summary>The canonical JSON: what stands in <c>trial.json</c>.</summary>
    public byte[] ToJson()
    {
        var json = JsonSerializer.SerializeToNode(this, ModelFile.Json)!.AsObject();
        foreach (var path in new[] { "path", "labelPath", "testPath", "testLabelPath" })
            json["dataset"]!.AsObject().Remove(path);
        if (!DatasetCatalog.IsCatalogued(Dataset.Name))
            json["dataset"]!.AsObject().Remove("name");

        // The device decides no more than the last bits, and a choice among learning rates is made outside of trials.
        var training = json["training"]!.AsObject();
        training.Remove("device");
        training.Remove("selectBy");
        if (Training.Optimizer != OptimizerKind.Sgd)
            training.Remove("momentum");
        if (!Training.Augmentation.HasFlag(Augmentation.ShiftedCrop))
            training.Remove("cropShift");
        KeepOwn(json["lossOptions"]!.AsObject(), LossCatalog.ParametersOf(Loss));
        return CanonicalJson.Write(json);
    }

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">What stands in <c>trial.json</c>.</param>
    /// <param name="path">Its file, for messages.</param>
    /// <exception cref="SlcException"><c>TrialDamaged</c>.</exception>
    internal static TrialConfiguration Parse(byte[] json, string path)
    {
        try
        {
            var configuration = JsonSerializer.Deserialize<TrialConfiguration>(json, ModelFile.Json);
            var isWhole = configuration is
            {
                Format: >= 1 and <= CurrentFormat, Loss: not null, LossOptions: not null, Dataset.Checksum: not null,
                Training: { LearningRate.Count: 1, HiddenUnit: not null, Network: not null },
            };

            // Whether an assembly has the loss is seen when it is loaded.
            return isWhole && (configuration!.Training.Assembly is not null || LossCatalog.Known.Any(loss => loss.Name == configuration.Loss))
                ? configuration with { Dataset = configuration.Dataset with { Name = configuration.Dataset.Name ?? "" } }
                : throw new JsonException("it is incomplete, or newer than this version");
        }
        catch (JsonException exception)
        {
            throw new SlcException("TrialDamaged", SlcErrorKind.InvalidData,
                $"'{path}' does not describe a trial: {exception.Message.TrimEnd('.')}. Remove its folder; the sweep makes it anew.", path, exception);
        }
    }

    /// <summary>The name of the folder of what stands in a <c>trial.json</c>.</summary>
    internal static string Identify(byte[] json) => Convert.ToHexString(SHA256.HashData(json)).ToLowerInvariant();

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{Loss} on {Dataset.Name}, learning rate {Training.LearningRate[0]}, seed {Training.Seed}, {Training.StepCount} steps");

    // A parameter that the loss does not read must not make another trial of it.
    private static void KeepOwn(JsonObject options, IReadOnlyList<string> own)
    {
        foreach (var name in options.Select(option => option.Key).ToArray())
        {
            if (!own.Contains(name, StringComparer.OrdinalIgnoreCase))
                options.Remove(name);
        }
    }
}
