using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

/// <summary>A training in a process of its own that is killed at random moments (signal 9).</summary>
public sealed class CheckpointProcessTests : IDisposable
{
    private const string FolderVariable = "SLC_TEST_CHECKPOINT";
    private const string VariantVariable = "SLC_TEST_VARIANT";

    private readonly string _folder = Directory.CreateTempSubdirectory("slc-kill-").FullName;

    /// <summary>What is trained, by a name that another process understands.</summary>
    public enum Variant
    {
        /// <summary>Two losses, two rates of which the better is chosen.</summary>
        Search,

        /// <summary>Pictures varied by chance, running statistics of convolutions, a rate that falls, two memories of an optimizer.</summary>
        Convolution,

        /// <summary>Drawn classes, whose rows of the head are caught up with, and a loss with numbers that train along.</summary>
        Drawn,
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Dataset Digits => DatasetCatalog.Open(new(), null, Stop);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What the other process runs.</summary>
    [Fact(Explicit = true)]
    public void Train()
    {
        var training = Training.Of(Enum.Parse<Variant>(Environment.GetEnvironmentVariable(VariantVariable)!));
        _ = training.Run(new() { CheckpointPath = Environment.GetEnvironmentVariable(FolderVariable), CheckpointEvery = training.CheckpointEvery }).ToArray();
    }

    [Theory]
    [InlineData(Variant.Search, 6)]
    [InlineData(Variant.Convolution, 3)]
    [InlineData(Variant.Drawn, 3)]
    public void Killed_many_times_it_ends_with_the_same_bits(Variant variant, int most)
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        var start = TestProcess.Describe(typeof(CheckpointProcessTests), nameof(Train), (FolderVariable, _folder), (VariantVariable, variant.ToString()));
        var random = new Random(Environment.ProcessId);
        var kills = 0;
        for (var written = NewestFile(); kills < most && TestProcess.StartAndKill(start, () => NewestFile() != written, random.Next(500)); written = NewestFile())
            kills++;
        Assert.True(kills > 1, "No process lived long enough to be killed.");

        var training = Training.Of(variant);
        var resumed = training.Run(new() { CheckpointPath = _folder, Notice = notice => Assert.Fail(notice) }).ToArray();
        var whole = training.Start(new()).ToArray();
        Assert.Equal(training.Loss, resumed.Select(result => result.LossName));
        for (var i = 0; i < whole.Length; i++)
        {
            Assert.Equal(whole[i].Model!.History, resumed[i].Model!.History);
            Assert.Equal(whole[i].Model!.LearningRate, resumed[i].Model!.LearningRate);
            foreach (var (name, weight) in whole[i].Model!.Weights)
                Assert.Equal(weight.Values.ToArray(), resumed[i].Model!.Weights[name].Values.ToArray());
        }
    }

    // The name says the run and the step.
    private string? NewestFile() => Directory.GetFiles(_folder, "run-*").Max(StringComparer.Ordinal);

    private sealed record Training(string[] Loss, TrainingOptions Options, LossOptions LossOptions, int CheckpointEvery)
    {
        private static readonly TrainingOptions Common = new() { StepCount = 2500, BatchSize = 16, HiddenUnit = [16], Device = TestDevice.Name };

        public static Training Of(Variant variant) => variant switch
        {
            Variant.Convolution => new(["BatchCE"], Common with
            {
                Network = "Cnn",
                StepCount = 50,
                LearningRate = [0.001],
                Optimizer = OptimizerKind.Adam,
                Schedule = LearningRateSchedule.Cosine,
                Augmentation = Augmentation.Flip | Augmentation.ShiftedCrop,
            }, new(), CheckpointEvery: 2),
            Variant.Drawn => new(["NCE", "SigmoidCE"], Common with { LearningRate = [0.03], WeightDecay = 0.001 }, new() { NoiseSampling = NoiseSampling.Sampled, NoiseCount = 2 }, CheckpointEvery: 20),
            _ => new(["SelfNorm", "BatchCE"], Common with { LearningRate = [0.1, 0.03] }, new(), CheckpointEvery: 20),
        };

        public IEnumerable<TrainingResult> Run(TrainingFiles files) => CheckpointFolder.HasTraining(files.CheckpointPath!)
            ? Trainer.Resume(SavedTraining.Open(files.CheckpointPath!), Digits, null, files, null, Stop)
            : Start(files);

        public IEnumerable<TrainingResult> Start(TrainingFiles files) => Trainer.Train(Digits, Loss, LossOptions, Options, files, null, Stop);
    }
}
