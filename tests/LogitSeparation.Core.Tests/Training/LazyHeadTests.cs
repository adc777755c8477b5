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

    private static TrainingOptions Options(double momentum, double decay, LearningRateSchedule schedule) => new()
    {
        StepCount = StepCount,
        BatchSize = 8,
        LearningRate = [0.05],
        Schedule = schedule,
        Momentum = momentum,
        WeightDecay = decay,
        HiddenUnit = [12],
        Seed = 5,
    };

    [Theory]
    [InlineData("NCE", 0.9, 0, LearningRateSchedule.Constant)]
    [InlineData("NCE", 0.9, 0.01, LearningRateSchedule.Constant)]
    [InlineData("NCE", 0, 0.01, LearningRateSchedule.OneCycle)]
    [InlineData("BinaryCE", 0.9, 0.01, LearningRateSchedule.Cosine)]
    [InlineData("BinaryCE", 0, 0, LearningRateSchedule.Constant)]
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
        var network = new Network(spec, options.Seed, device);
        using var loss = LossCatalog.Create(lossName, new(Sampled, Data.Train.CountClasses(), options.Seed));
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
