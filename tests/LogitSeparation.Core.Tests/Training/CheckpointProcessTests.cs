using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

/// <summary>A training in a process of its own that is killed at random moments (signal 9).</summary>
public sealed class CheckpointProcessTests : IDisposable
{
    private const string FolderVariable = "SLC_TEST_CHECKPOINT";
    private static readonly string[] Losses = ["SelfNorm", "BatchCE"];

    private static readonly TrainingOptions Options = new()
    {
        StepCount = 2500,
        BatchSize = 16,
        HiddenUnit = [16],
        LearningRate = [0.1, 0.03],
        Device = TestDevice.Name,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("slc-kill-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Dataset Digits => DatasetCatalog.Open(new(), null, Stop);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What the other process runs.</summary>
    [Fact(Explicit = true)]
    public void Train()
    {
        var files = new TrainingFiles { CheckpointPath = Environment.GetEnvironmentVariable(FolderVariable), CheckpointEvery = 20 };
        _ = Run(files).ToArray();
    }

    [Fact]
    public void Killed_many_times_it_ends_with_the_same_bits()
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        var start = TestProcess.Describe(typeof(CheckpointProcessTests), nameof(Train), (FolderVariable, _folder));
        var random = new Random(Environment.ProcessId);
        var kills = 0;
        for (var written = NewestFile(); kills < 6 && TestProcess.StartAndKill(start, () => NewestFile() != written, random.Next(500)); written = NewestFile())
            kills++;
        Assert.True(kills > 1, "No process lived long enough to be killed.");

        var resumed = Run(new() { CheckpointPath = _folder, Notice = notice => Assert.Fail(notice) }).ToArray();
        var whole = Trainer.Train(Digits, Losses, new(), Options, null, Stop).ToArray();
        Assert.Equal(Losses, resumed.Select(result => result.LossName));
        for (var i = 0; i < Losses.Length; i++)
        {
            Assert.Equal(whole[i].Model!.History, resumed[i].Model!.History);
            Assert.Equal(whole[i].Model!.LearningRate, resumed[i].Model!.LearningRate);
            foreach (var (name, weight) in whole[i].Model!.Weights)
                Assert.Equal(weight.Values.ToArray(), resumed[i].Model!.Weights[name].Values.ToArray());
        }
    }

    // The name says the run and the step.
    private string? NewestFile() => Directory.GetFiles(_folder, "run-*").Max(StringComparer.Ordinal);

    private static IEnumerable<TrainingResult> Run(TrainingFiles files) => CheckpointFolder.HasTraining(files.CheckpointPath!)
        ? Trainer.Resume(SavedTraining.Open(files.CheckpointPath!), Digits, null, files, null, Stop)
        : Trainer.Train(Digits, Losses, new(), Options, files, null, Stop);
}
