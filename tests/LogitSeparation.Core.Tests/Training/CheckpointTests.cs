using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private static readonly Dataset Data = SmallDataset.Create();

    private static readonly TrainingOptions Options = new()
    {
        StepCount = 60,
        BatchSize = 16,
        HiddenUnit = [12, 8],
        LearningRate = [0.05],
        Seed = 3,
        HistoryInterval = 7,
        Device = TestDevice.Name,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("slc").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void RequireSameBits() => Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");

    // Stops each time after that many checkpoints, a step or some apart, and goes on, until the end.
    private List<TrainingResult> TrainInPieces(string[] losses, LossOptions lossOptions, TrainingOptions options, int every = 1, int pieces = 11)
    {
        var begun = false;
        for (var attempt = 0; attempt < 500; attempt++)
        {
            using var source = new CancellationTokenSource();
            var left = pieces;
            var files = new TrainingFiles
            {
                CheckpointPath = _folder,
                CheckpointEvery = every,
                Notice = notice => Assert.Fail(notice),
                Saved = _ =>
                {
                    if (--left == 0)
                        source.Cancel();
                },
            };
            try
            {
                var results = begun
                    ? Trainer.Resume(SavedTraining.Open(_folder), Data, null, files, null, source.Token)
                    : Trainer.Train(Data, losses, lossOptions, options, files, null, source.Token);
                begun = true;
                return [.. results];
            }
            catch (OperationCanceledException)
            {
                Assert.NotEmpty(Directory.GetFiles(_folder, "run-*"));
            }
        }

        throw new InvalidOperationException("The training never ended.");
    }

    private static void AssertSame(Model expected, Model actual)
    {
        Assert.Equal(expected.Weights.Keys, actual.Weights.Keys);
        foreach (var (name, weight) in expected.Weights)
            Assert.Equal(weight.Values.ToArray(), actual.Weights[name].Values.ToArray());
        Assert.Equal(expected.History, actual.History);
        Assert.Equal((expected.Loss, expected.LearningRate), (actual.Loss, actual.LearningRate));
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, LearningRateSchedule.Constant)]
    [InlineData(OptimizerKind.Sgd, LearningRateSchedule.OneCycle)]
    [InlineData(OptimizerKind.Adam, LearningRateSchedule.Cosine)]
    public void Stopped_many_times_it_ends_with_the_bits_of_one_never_stopped(OptimizerKind optimizer, LearningRateSchedule schedule)
    {
        RequireSameBits();
        var options = Options with { Optimizer = optimizer, Schedule = schedule, WeightDecay = 1e-4, SelectBy = SelectionMeasure.Auprc, LearningRate = [0.02, 0.05] };
        var lossOptions = new LossOptions { NoiseSampling = NoiseSampling.Sampled };
        string[] losses = ["NCE", "BatchCE"];
        var whole = Trainer.Train(Data, losses, lossOptions, options, null, Stop).ToArray();
        var pieces = TrainInPieces(losses, lossOptions, options);
        Assert.Equal(losses, pieces.Select(result => result.LossName));
        for (var i = 0; i < losses.Length; i++)
            AssertSame(whole[i].Model!, pieces[i].Model!);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Adam)]
    public void Parameters_of_losses_go_on_to_the_same_bits(OptimizerKind optimizer)
    {
        RequireSameBits();
        var options = Options with { Optimizer = optimizer, WeightDecay = 1e-3, LearningRate = [0.01] };
        string[] losses = ["UnifiedCE", "SigmoidCE"];
        var whole = Trainer.Train(Data, losses, new(), options, null, Stop).ToArray();
        var pieces = TrainInPieces(losses, new(), options);
        for (var i = 0; i < losses.Length; i++)
        {
            AssertSame(whole[i].Model!, pieces[i].Model!);
            Assert.NotEmpty(whole[i].Model!.LossWeights);
        }
    }

    [Theory]
    [InlineData(ProductPrecision.Full)]
    [InlineData(ProductPrecision.BFloat16)]
    public void The_convolutional_network_goes_on_to_the_same_bits(ProductPrecision precision)
    {
        RequireSameBits();
        var options = Options with { Network = "CNN", HiddenUnit = [4], BatchSize = 4, StepCount = 6, HistoryInterval = 3, ProductPrecision = precision };
        var whole = Trainer.Train(Data, ["CE"], new(), options, null, Stop).Single().Model!;
        AssertSame(whole, Assert.Single(TrainInPieces(["CE"], new(), options, pieces: 2)).Model!);
    }

    [Fact]
    public void An_error_of_a_run_is_remembered()
    {
        var options = Options with { LearningRate = [1e38, 0.05] };
        var result = Assert.Single(TrainInPieces(["BatchCE"], new(), options, every: 10, pieces: 2));
        Assert.Equal("TrainingDiverged", Assert.Single(result.Failure).ErrorId);
        Assert.Equal(0.05, result.Model!.LearningRate);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    [InlineData(-1.0)]
    public void Of_a_torn_checkpoint_the_predecessor_is_used(double keptShare)
    {
        RequireSameBits();
        var whole = Trainer.Train(Data, ["CE"], new(), Options, null, Stop).Single().Model!;
        StopAfter(checkpoints: 4);
        var kept = Directory.GetFiles(_folder, "run-000.step-*").Order().ToArray();
        Assert.Equal(["run-000.step-0000000015.safetensors", "run-000.step-0000000020.safetensors"], kept.Select(Path.GetFileName));
        Damage(kept[1], keptShare);
        var notices = new List<string>();
        var resumed = Trainer.Resume(SavedTraining.Open(_folder), Data, null, new() { Notice = notices.Add }, null, Stop).Single().Model!;
        AssertSame(whole, resumed);
        Assert.Contains(kept[1], Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_checkpoint_is_whole_the_run_starts_anew()
    {
        RequireSameBits();
        StopAfter(checkpoints: 3);
        foreach (var path in Directory.GetFiles(_folder, "run-000.step-*"))
            Damage(path, 0.7);
        var notices = new List<string>();
        var resumed = Trainer.Resume(SavedTraining.Open(_folder), Data, null, new() { Notice = notices.Add }, null, Stop).Single().Model!;
        AssertSame(Trainer.Train(Data, ["CE"], new(), Options, null, Stop).Single().Model!, resumed);
        Assert.Equal(2, notices.Count);
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_not_used()
    {
        StopAfter(checkpoints: 3);
        var file = Path.Combine(_folder, "training.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"seed\":3", "\"seed\":4", StringComparison.Ordinal));
        var notices = new List<string>();
        var resumed = Trainer.Resume(SavedTraining.Open(_folder), Data, null, new() { Notice = notices.Add }, null, Stop).Single().Model!;
        Assert.Equal(4, resumed.Training.Seed);
        Assert.All(notices, notice => Assert.Contains("another training", notice, StringComparison.Ordinal));
        Assert.Equal(2, notices.Count);
    }

    [Fact]
    public void A_folder_is_neither_overwritten_unasked_nor_used_twice()
    {
        StopAfter(checkpoints: 1);
        var files = new TrainingFiles { CheckpointPath = _folder };
        var exists = Assert.Throws<SlcException>(() => Trainer.Train(Data, ["CE"], new(), Options, files, null, Stop));
        Assert.Equal("CheckpointExists", exists.ErrorId);
        using (var running = Trainer.Resume(SavedTraining.Open(_folder), Data, null, new(), null, Stop).GetEnumerator())
        {
            var inUse = Assert.Throws<SlcException>(() => Trainer.Resume(SavedTraining.Open(_folder), Data, null, new(), null, Stop));
            Assert.Equal("CheckpointInUse", inUse.ErrorId);
            Assert.True(running.MoveNext());
        }

        Assert.Single(Trainer.Train(Data, ["CE"], new(), Options, files with { Overwrite = true }, null, Stop).ToArray());
    }

    [Fact]
    public void Refuses_other_data_and_folders_without_a_training()
    {
        StopAfter(checkpoints: 1);
        var changed = Assert.Throws<SlcException>(() => Trainer.Resume(
            SavedTraining.Open(_folder), SmallDataset.Create(validationCount: 20), null, new(), null, Stop));
        Assert.Equal("DatasetChanged", changed.ErrorId);
        File.WriteAllText(Path.Combine(_folder, "training.json"), "{\"format\":1}");
        Assert.Equal("CheckpointDamaged", Assert.Throws<SlcException>(() => SavedTraining.Open(_folder)).ErrorId);
        File.Delete(Path.Combine(_folder, "training.json"));
        Assert.Equal("CheckpointNotFound", Assert.Throws<SlcException>(() => SavedTraining.Open(_folder)).ErrorId);
        var negative = new TrainingFiles { CheckpointEvery = -1 };
        Assert.Equal("InvalidTrainingOption", Assert.Throws<SlcException>(() => Trainer.Train(Data, ["CE"], new(), Options, negative, null, Stop)).ErrorId);
    }

    // Leaves checkpoints at steps 5, 10, … of a training with CE.
    private void StopAfter(int checkpoints)
    {
        using var source = new CancellationTokenSource();
        var left = checkpoints;
        var files = new TrainingFiles
        {
            CheckpointPath = _folder,
            CheckpointEvery = 5,
            Saved = _ =>
            {
                if (--left == 0)
                    source.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(Data, ["CE"], new(), Options, files, null, source.Token).ToArray());
    }

    // Keeps a share of a file's bytes; with a negative share turns one bit over.
    private static void Damage(string path, double keptShare)
    {
        var bytes = File.ReadAllBytes(path);
        if (keptShare < 0)
            bytes[bytes.Length / 2] ^= 1;
        else
            bytes = bytes[..(int)(bytes.Length * keptShare)];
        File.WriteAllBytes(path, bytes);
    }
}
