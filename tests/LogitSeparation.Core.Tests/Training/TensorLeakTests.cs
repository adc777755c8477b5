using System.Diagnostics;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

/// <summary>Counts live tensors, so nothing else may make any meanwhile.</summary>
[CollectionDefinition(nameof(TensorLeakTests), DisableParallelization = true)]
[Collection(nameof(TensorLeakTests))]
public sealed class TensorLeakTests
{
    private static readonly Dataset Data = SmallDataset.Create();

    private static readonly TrainingOptions Options = new() { BatchSize = 16, HiddenUnit = [12, 8], Device = TestDevice.Name };

    // Tensors that others forgot are counted until their finalizers ran.
    private static long CountTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Cancelling_stops_within_a_step_and_frees_everything()
    {
        TestDevice.Open();
        var tensors = CountTensors();
        using var source = new CancellationTokenSource();
        var last = 0;
        var options = Options with { StepCount = int.MaxValue };
        var clock = Stopwatch.StartNew();
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(Data, ["CE"], new(), options, Report, source.Token).ToArray());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
        Assert.True(last > 0);
        Assert.Equal(tensors, CountTensors());

        void Report(TrainingProgress progress)
        {
            last = progress.Step;
            Assert.InRange(progress.StepsPerSecond, 1, 1e7);
            source.Cancel();
        }
    }

    [Fact]
    public void A_long_training_holds_a_flat_number_of_tensors()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        foreach (var info in LossCatalog.Known)
        {
            using var train = new DeviceSplit(Data.Train, Data.Scaling, device);
            var spec = NetworkCatalog.Describe("MLP", Data.ExampleShape, [4, 4], Data.ClassCount);
            var options = Options with { Optimizer = OptimizerKind.Adam, WeightDecay = 1e-4 };
            using var run = new TrainingRun(Data, train, null, info.Name, new(), options, spec, device);
            var step = 0;
            for (; step < 200; step++)
                run.TakeStep(step);
            var tensors = CountTensors();
            for (; step < (info.Name == "BatchCE" ? 20_000 : 600); step++)
                run.TakeStep(step);
            Assert.Equal(tensors, CountTensors());
        }
    }

    [Fact]
    public void Blocks_of_classes_and_sampled_rows_hold_a_flat_number_of_tensors()
    {
        var device = TestDevice.Open();
        using var noGrad = torch.no_grad();
        var data = SmallDataset.Create(classCount: 5000, trainCount: 5000, validationCount: 0, testCount: 2);
        var spec = NetworkCatalog.Describe("MLP", data.ExampleShape, [4], data.ClassCount);
        var before = CountTensors();
        var lossOptions = new LossOptions { NoiseSampling = NoiseSampling.Sampled, NegativeCount = 2 };
        foreach (var (name, batchSize) in new[] { ("NCE", 20), ("BinaryCE", 20), ("CE", 1000), ("BatchCE", 1000), ("BatchMaxMargin", 1000) })
        {
            var options = Options with { BatchSize = batchSize, WeightDecay = 1e-4 };
            using var train = new DeviceSplit(data.Train, data.Scaling, device);
            using var run = new TrainingRun(data, train, null, name, lossOptions, options, spec, device);
            for (var step = 0; step < 2; step++)
                run.TakeStep(step);
            var tensors = CountTensors();
            for (var step = 2; step < 6; step++)
                run.TakeStep(step);
            run.CatchUp(6);
            Assert.Equal(tensors, CountTensors());
        }

        Assert.Equal(before, CountTensors());
    }

    [Fact]
    public void The_convolutional_network_holds_a_flat_number_of_tensors()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var train = new DeviceSplit(Data.Train, Data.Scaling, device);
        var spec = NetworkCatalog.Describe("CNN", Data.ExampleShape, [4], Data.ClassCount);
        using var run = new TrainingRun(Data, train, null, "BatchCE", new(), Options with { BatchSize = 4 }, spec, device);
        for (var step = 0; step < 3; step++)
            run.TakeStep(step);
        var tensors = CountTensors();
        for (var step = 3; step < 20; step++)
            run.TakeStep(step);
        Assert.Equal(tensors, CountTensors());
    }

    [Fact]
    public void A_split_that_cannot_be_placed_leaves_no_tensors()
    {
        TestDevice.Open();
        var tensors = CountTensors();
        var unreadable = new DataSplit(Split.Train, new UnreadableExamples(), null, 2);
        Assert.Throws<SlcException>(() => new DeviceSplit(unreadable, Data.Scaling, TestDevice.Open()));

        // What finalizers would free is counted too: a scope's tensors are freed at its end.
        Assert.Equal(tensors, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Leaves_no_tensors_behind_when_it_is_abandoned()
    {
        var model = Trainer.Train(Data, ["CE"], new(), Options with { StepCount = 2 }, null, Stop).Single().Model!;
        var tensors = CountTensors();
        _ = SingleLogit.Find(model, Data, Split.Test, [new(0, double.NegativeInfinity)], TestDevice.Name, Stop).First();
        _ = Trainer.Train(Data, ["CE", "BatchCE"], new(), Options with { StepCount = 3 }, null, Stop).First();
        new ModelLogits(model, Data, Split.Test, TestDevice.Name, Stop).ToMemory();
        Assert.Equal(tensors, CountTensors());
    }

    [Fact]
    public void Stopping_with_checkpoints_and_going_on_leaves_no_tensors()
    {
        TestDevice.Open();
        var folder = Directory.CreateTempSubdirectory("slc-leak-");
        var options = Options with { StepCount = 30, Optimizer = OptimizerKind.Adam };
        _ = Trainer.Train(Data, ["CE"], new(), options, null, Stop).ToArray();
        var tensors = CountTensors();
        using (var source = new CancellationTokenSource())
        {
            var files = new TrainingFiles { CheckpointPath = folder.FullName, CheckpointEvery = 10, Saved = _ => source.Cancel() };
            Assert.Throws<OperationCanceledException>(() => Trainer.Train(Data, ["CE"], new(), options, files, null, source.Token).ToArray());
        }

        Assert.Equal(tensors, CountTensors());
        Assert.NotNull(Trainer.Resume(SavedTraining.Open(folder.FullName), Data, null, new(), null, Stop).Single().Model);
        Assert.Equal(tensors, CountTensors());
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Trainings_in_several_threads_do_not_disturb_one_another()
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        float[] Train(int seed) => [.. Trainer.Train(Data, ["BatchCE"], new(), Options with { StepCount = 40, Seed = seed }, null, Stop)
            .Single().Model!.Weights.SelectMany(weight => weight.Value.Values.ToArray())];
        var alone = Enumerable.Range(0, 4).Select(Train).ToArray();
        var tensors = CountTensors();
        var together = new float[4][];
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() => together[seed] = Train(seed))).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(alone, together);
        Assert.Equal(tensors, CountTensors());
    }
}
