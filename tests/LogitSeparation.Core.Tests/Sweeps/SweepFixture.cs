using LogitSeparation.Core.Data;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.Core.Tests.Sweeps;

/// <summary>A folder for a sweep over the digits, and small plans.</summary>
internal sealed class SweepFixture : IDisposable
{
    /// <summary>The digits.</summary>
    public static Dataset Digits { get; } = DatasetCatalog.Open(new(), null, CancellationToken.None);

    /// <summary>A sweep's folder that does not exist yet.</summary>
    public string Folder { get; } = Path.Combine(Directory.CreateTempSubdirectory("slc-sweep-").FullName, "sweep");

    /// <summary>How trials are run in tests.</summary>
    public static SweepOptions Options { get; } = new()
    {
        Device = TestDevice.Name,
        Dataset = [Digits],
        CheckpointEvery = 10,
        GoneAfter = TimeSpan.FromMilliseconds(500),
    };

    /// <summary>Two losses with two learning rates.</summary>
    public static SweepPlan Plan(int steps = 40) => new()
    {
        Dataset = [Digits],
        Loss = ["CE", "BatchCE"],
        LearningRate = [0.1, 0.03],
        Seed = [0],
        Training = new() { StepCount = steps, BatchSize = 16, HiddenUnit = [16] },
    };

    /// <summary>The weights of a trial that is done.</summary>
    public static float[] Weights(Trial trial) => [.. trial.ReadModel().Weights.OrderBy(weight => weight.Key, StringComparer.Ordinal).SelectMany(weight => weight.Value.Values.ToArray())];

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
}
