using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

/// <summary>Training that touches the sampled rows of the head alone leaves what training of all rows leaves.</summary>
public sealed class LazyHeadTests
{
    private const int StepCount = 300;

    private static readonly Dataset Data = SmallDataset.Create(classCount: 400, trainCount: 800, validationCount: 0);

    private static readonly LossOptions Sampled = new() { NoiseSampling = NoiseSampling.Sampled, NoiseCount = 3, NegativeCount = 3 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static TrainingOptions Options(double momentum, double decay, LearningRateSchedule schedule) => new()
    {
        StepCount = StepCount,
        BatchSize = 8,
        LearningRate = [0.01],
        Schedule = schedule,
        Momentum = momentum,
        WeightDecay = decay,
        HiddenUnit = [12],
        Seed = 5,
        Device = TestDevice.Name,
    };

    [Theory]
    [InlineData("NCE", 0.9, 0, LearningRateSchedule.Constant)]
    [InlineData("NCE", 0.9, 0.01, LearningRateSchedule.Constant)]
    [InlineData("NCE", 0, 0.01, LearningRateSchedule.OneCycle)]
    [InlineData("BinaryCE", 0.9, 0.01, LearningRateSchedule.Cosine)]
    [InlineData("BinaryCE", 0, 0, LearningRateSchedule.Constant)]
    [InlineData("PriorBCE", 0.9, 0.01, LearningRateSchedule.Constant)]
    public void Weights_and_momentum_are_those_of_training_all_rows(
        string loss, double momentum, double decay, LearningRateSchedule schedule)
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var options = Options(momentum, decay, schedule);
        var spec = NetworkCatalog.Describe("MLP", Data.ExampleShape, options.HiddenUnit, Data.ClassCount);
        using var train = new DeviceSplit(Data.Train, Data.Scaling, device);
        using var run = new TrainingRun(Data, train, null, loss, Sampled, options, spec, device);
        using var all = TrainAllRows(train, loss, options, spec, device);
        for (var step = 0; step < StepCount; step++)
            run.TakeStep(step);
        Assert.False(run.Network.Head.Weight.Value.allclose(all.Head.Weight.Value, 1e-4, 1e-6) && decay + momentum > 0);
        run.CatchUp(StepCount);
        Assert.True(run.Network.Parameters.Values.allclose(all.Parameters.Values, 1e-4, 2e-6));
        if (momentum > 0)
            Assert.True(run.Network.Parameters.Gradient.allclose(all.Parameters.Gradient, 1e-3, 2e-6));
    }

    // In float64 nothing but rounding is left between the two.
    [Theory]
    [InlineData("NCE", 0.9, 0.01, LearningRateSchedule.Constant)]
    [InlineData("NCE", 0.5, 0, LearningRateSchedule.OneCycle)]
    [InlineData("BinaryCE", 0.9, 0.1, LearningRateSchedule.Cosine)]
    [InlineData("BinaryCE", 0, 0.1, LearningRateSchedule.Constant)]
    public void In_float64_all_rows_agree_to_a_millionth_of_a_millionth(string lossName, double momentum, double decay, LearningRateSchedule schedule)
    {
        const int ClassCount = 60;
        var device = TestDevice.Open();
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var spec = NetworkCatalog.Describe("MLP", [6], [5], ClassCount);
        using var dense = new Network(spec, 1, device, torch.float64);
        using var sparse = new Network(spec, 1, device, torch.float64);
        using var loss = (SampledLoss)LossCatalog.Create(lossName, new(Sampled, new int[ClassCount], 2));
        using var allRows = new SgdOptimizer(0, momentum, decay);
        using var someRows = new SgdOptimizer(0, momentum, decay);
        var rate = new ScheduledRate(schedule, 0.02, StepCount);
        using var head = new LazyHead(sparse, someRows, decay, rate);
        var random = new SplitMix64(3);
        for (var step = 0; step < StepCount; step++)
        {
            using var inner = torch.NewDisposeScope();
            var input = torch.tensor(Enumerable.Range(0, 24).Select(_ => random.NextDouble() - 0.5).ToArray(), [4, 6], device: device);
            var labels = Enumerable.Range(0, 4).Select(_ => (long)random.Next(ClassCount)).ToArray();
            allRows.LearningRate = someRows.LearningRate = rate.At(step);

            var (value, gradient) = loss.Evaluate(dense.Forward(input)[0].Logits, torch.tensor(labels, device: device), step);
            dense.Backward([gradient], allRows.Beta);
            allRows.Step(dense.Parameters);

            var draws = loss.Draw(labels, step);
            var (someValue, slopes) = loss.EvaluateDrawn(head.Forward(sparse.Trunk.Forward(input), new(labels, draws), step), labels, draws);
            sparse.Trunk.Backward(head.Backward(slopes), someRows.Beta);
            head.Step();
            someRows.Step(sparse.Parameters);

            Assert.Equal(value.item<double>(), someValue.item<double>(), 1e-12);
            if (step % 70 == 50)
                head.CatchUp(step + 1);
        }

        head.CatchUp(StepCount);
        Assert.InRange((sparse.Parameters.Values - dense.Parameters.Values).abs().max().item<double>(), 0, 1e-12);
        if (momentum > 0)
            Assert.InRange((sparse.Parameters.Gradient - dense.Parameters.Gradient).abs().max().item<double>(), 0, 1e-12);
    }

    [Theory]
    [InlineData("NCE", LearningRateSchedule.OneCycle)]
    [InlineData("BinaryCE", LearningRateSchedule.Constant)]
    public void The_same_seed_gives_the_same_bits_and_a_resumed_training_too(string loss, LearningRateSchedule schedule)
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        var folder = Directory.CreateTempSubdirectory("slc").FullName;
        try
        {
            var data = SmallDataset.Create(classCount: 400, trainCount: 800, validationCount: 400);
            var options = Options(0.9, 0.01, schedule) with { HistoryInterval = 37 };
            var whole = Trainer.Train(data, [loss], Sampled, options, null, Stop).Single().Model!;
            AssertSame(whole, Trainer.Train(data, [loss], Sampled, options, null, Stop).Single().Model!);
            AssertSame(whole, TrainInPieces(data, loss, options, folder));
            Assert.All(whole.History, point => Assert.True(point.CertifiedShare is null && double.IsFinite(point.Loss)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Measuring_on_the_way_moves_weights_by_rounding_alone()
    {
        var options = Options(0.9, 0.01, LearningRateSchedule.Constant);
        var data = SmallDataset.Create(classCount: 400, trainCount: 800, validationCount: 400);
        var often = Trainer.Train(data, ["NCE"], Sampled, options with { HistoryInterval = 3 }, null, Stop).Single().Model!;
        var once = Trainer.Train(data, ["NCE"], Sampled, options with { HistoryInterval = StepCount }, null, Stop).Single().Model!;
        foreach (var (name, weight) in once.Weights)
        {
            var (expected, actual) = (weight.Values.ToArray(), often.Weights[name].Values.ToArray());
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }

        Assert.Equal(once.History[^1].ValidationAccuracy!.Value, often.History[^1].ValidationAccuracy!.Value, 0.01);
    }

    private static void AssertSame(Model expected, Model actual)
    {
        foreach (var (name, weight) in expected.Weights)
            Assert.Equal(weight.Values.ToArray(), actual.Weights[name].Values.ToArray());
        Assert.Equal(expected.History, actual.History);
    }

    // Stopped after each 40 steps.
    private static Model TrainInPieces(Dataset data, string loss, TrainingOptions options, string folder)
    {
        for (var attempt = 0; attempt < 30; attempt++)
        {
            using var source = new CancellationTokenSource();
            var files = new TrainingFiles { CheckpointPath = folder, CheckpointEvery = 40, Saved = _ => source.Cancel() };
            try
            {
                var results = attempt > 0
                    ? Trainer.Resume(SavedTraining.Open(folder), data, null, files, null, source.Token)
                    : Trainer.Train(data, [loss], Sampled, options, files, null, source.Token);
                return results.Single().Model!;
            }
            catch (OperationCanceledException)
            {
                Assert.NotEmpty(Directory.GetFiles(folder, "run-*"));
            }
        }

        throw new InvalidOperationException("The training never ended.");
    }

    [Theory]
    [InlineData(0.9, 0.01)]
    [InlineData(0, 0.1)]
    [InlineData(0.5, 0)]
    public void Skipped_steps_are_the_steps_one_by_one(double momentum, double decay)
    {
        StepMap Map(long step) => StepMap.WithoutGradient(momentum, decay, 0.1 / (1 + step));
        var skipped = new SkippedSteps(Map);
        foreach (var (first, end) in new[] { (0L, 0L), (3, 4), (0, 64), (1, 63), (60, 700), (64, 1024), (777, 3001) })
        {
            var (v, w) = (0.7, -1.3);
            for (var step = first; step < end; step++)
            {
                v = (momentum * v) + (decay * w);
                w -= 0.1 / (1 + step) * v;
            }

            var map = skipped.Over(first, end);
            Assert.Equal(v, (map.VV * 0.7) + (map.VW * -1.3), 1e-12);
            Assert.Equal(w, (map.WV * 0.7) + (map.WW * -1.3), 1e-12);
        }
    }

    private static Network TrainAllRows(
        DeviceSplit train, string lossName, TrainingOptions options, NetworkSpec spec, torch.Device device)
    {
        using var loss = LossCatalog.Create(lossName, new(Sampled, Data.Train.CountClasses(), options.Seed));
        var network = new Network(spec, options.Seed, device, loss: loss);
        using var batches = new TrainingBatches(train, Data.ExampleShape, options);
        using var optimizer = Optimizer.Create(options, options.LearningRate[0]);
        var rate = new ScheduledRate(options.Schedule, options.LearningRate[0], options.StepCount);
        for (var step = 0; step < StepCount; step++)
        {
            using var scope = torch.NewDisposeScope();
            var (input, labels) = batches.Take(step);
            var value = loss.Evaluate(network.Forward(input)[0].Logits, labels, step);
            network.Backward([value.Gradient], optimizer.Beta);
            optimizer.LearningRate = rate.At(step);
            optimizer.Step(network.Parameters);
        }

        return network;
    }
}
