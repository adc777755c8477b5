using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

/// <summary>Training with so many logits that they are computed in blocks of classes.</summary>
public sealed class BlockedGradientTests
{
    private const int ClassCount = 5000;

    private static readonly Dataset Data = SmallDataset.Create(ClassCount, trainCount: ClassCount, validationCount: 0, testCount: 2);

    private static readonly TrainingOptions Options = new()
    {
        StepCount = 4,
        BatchSize = 1000,
        HiddenUnit = [8],
        LearningRate = [0.05],
        Device = TestDevice.Name,
    };

    [Theory]
    [InlineData("CE")]
    [InlineData("MaxMargin")]
    [InlineData("BatchCE")]
    [InlineData("BatchMaxMargin")]
    public void Steps_are_those_of_whole_tables(string lossName)
    {
        var device = TestDevice.Open();
        Assert.SkipUnless(device.type == DeviceType.CPU, "The sizes are those of the CPU's blocks.");
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var spec = NetworkCatalog.Describe("MLP", Data.ExampleShape, Options.HiddenUnit, ClassCount);
        using var train = new DeviceSplit(Data.Train, Data.Scaling, device);
        using var run = new TrainingRun(Data, train, null, lossName, new(), Options, spec, device);
        using var network = new Network(spec, Options.Seed, device);
        using var loss = LossCatalog.Create(lossName, new(new(), new int[ClassCount], 0));
        Assert.True(StepGradient.IsBlocked(loss, network, Options.BatchSize));
        using var optimizer = Optimizer.Create(Options, Options.LearningRate[0]);
        using var batches = new TrainingBatches(train, Data.ExampleShape, Options);
        using var whole = new WholeGradient(loss, network, optimizer);
        for (var step = 0; step < Options.StepCount; step++)
        {
            using var inner = torch.NewDisposeScope();
            run.TakeStep(step);
            var (input, labels) = batches.Take(step);
            whole.Gather(input, labels, step);
            optimizer.Step(network.Parameters);
        }

        Assert.InRange((run.Network.Parameters.Values - network.Parameters.Values).abs().max().item<float>(), 0, 1e-5);
        Assert.True(run.Network.Parameters.Gradient.allclose(network.Parameters.Gradient, 1e-3, 1e-7));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_aligned_losses_count_certificates()
    {
        string[] losses = ["CE", "BatchCE", "BatchMaxMargin"];
        var models = Train();
        foreach (var (expected, actual) in models.Zip(Train()))
        {
            if (TestDevice.Name == "cpu")
            {
                foreach (var (name, weight) in expected.Weights)
                    Assert.Equal(weight.Values.ToArray(), actual.Weights[name].Values.ToArray());
            }

            Assert.Equal(expected.Loss == "CE", expected.History[^1].CertifiedShare is null);
        }

        Model[] Train() =>
            [.. Trainer.Train(Data, losses, new(), Options, null, TestContext.Current.CancellationToken).Select(result => result.Model!)];
    }
}
