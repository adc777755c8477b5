using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Training;

/// <summary>What is trained: a model for each loss and learning rate. As it stands in the folder of checkpoints.</summary>
internal sealed record TrainingPlan
{
    /// <summary>The layout of this record; a reader refuses what is newer than it knows.</summary>
    public const int CurrentFormat = 1;

    private const int IdLength = 8;

    public int Format { get; init; } = CurrentFormat;

    public required IReadOnlyList<string> Loss { get; init; }

    public required LossOptions LossOptions { get; init; }

    public required TrainingOptions Training { get; init; }

    public required DatasetIdentity Dataset { get; init; }

    /// <summary>The folder of TensorBoard's event files, so that a training that goes on finds it; null for none. No part of what is trained.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TensorBoardPath { get; init; }

    /// <summary>What tells one run from all others, wherever it runs: the first eight digits of a SHA-256.</summary>
    public string RunId(string loss, double learningRate)
    {
        var run = this with
        {
            Loss = new[] { loss },
            Training = Training with { LearningRate = new[] { learningRate }, Device = "" },
            Dataset = Dataset.WithoutPlace(),
            TensorBoardPath = null,
        };
        return Checksum(run.ToJson())[..IdLength].ToLowerInvariant();
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ModelFile.Json);

    /// <summary>Reads it.</summary>
    /// <exception cref="SlcException"><c>CheckpointDamaged</c>.</exception>
    public static TrainingPlan Parse(byte[] json, string path)
    {
        try
        {
            var plan = JsonSerializer.Deserialize<TrainingPlan>(json, ModelFile.Json);
            var isWhole = plan is
            {
                Format: >= 1 and <= CurrentFormat, Loss.Count: > 0, LossOptions: not null, Dataset: { Name: not null, Checksum: not null },
                Training: { LearningRate.Count: > 0, HiddenUnit: not null, Network: not null, Device: not null },
            };
            return isWhole ? plan! : throw new JsonException("It is incomplete, or newer than this version.");
        }
        catch (JsonException exception)
        {
            throw new SlcException("CheckpointDamaged", SlcErrorKind.InvalidData,
                $"'{path}' does not say what is to be trained: {exception.Message} Start the training anew.", path, exception);
        }
    }

    /// <summary>What ties a checkpoint to its training: the bytes of the description, whatever version reads them.</summary>
    public static string Checksum(byte[] json) => Convert.ToHexString(SHA256.HashData(json));
}
