using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Networks;

/// <summary>A head alone.</summary>
public sealed class LinearTests : IDisposable
{
    private static readonly Dataset Data = SmallDataset.Create();

    private readonly string _folder = Directory.CreateTempSubdirectory("slc").FullName;

    private static TrainingOptions Options => new()
    {
        Network = "linear",
        StepCount = 60,
        BatchSize = 16,
        LearningRate = [0.05],
        Seed = 3,
        HistoryInterval = 7,
        Device = TestDevice.Name,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_is_the_head_and_nothing_else()
    {
        var info = NetworkCatalog.Inspect("Linear", [7], [], 5);
        Assert.Equal("head", Assert.Single(info.Layer).Name);
        Assert.Equal((40, 35, 7), (info.ParameterCount, info.MultiplyAddCount, info.SingleLogitMultiplyAddCount));
        Assert.Equal("InvalidHiddenUnit", Assert.Throws<SlcException>(() => NetworkCatalog.Describe("Linear", [7], [3], 5)).ErrorId);
    }

    [Theory]
    [InlineData("BatchCE")]
    [InlineData("CE")]
    public void Gradients_are_central_differences_in_float64(string name)
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(new("Linear", [6], [], 3), seed: 1, device, torch.ScalarType.Float64);
        using var loss = LossCatalog.Create(name, new(new(), [1, 1, 1], 0));
        var input = torch.randn(7, 6, dtype: torch.float64, device: device, generator: new(5, device));
        var labels = torch.tensor([0L, 1, 2, 0, 1, 2, 1], device: device);
        torch.Tensor Logits() => network.Forward(input)[0].Logits;
        double Value() => loss.Evaluate(Logits(), labels, 0).Value.item<double>();

        network.Backward([loss.Evaluate(Logits(), labels, 0).Gradient], 0);
        var gradient = network.Parameters.Gradient.clone();
        Assert.Equal(21, gradient.shape[0]);
        for (var i = 0; i < gradient.shape[0]; i++)
        {
            const double h = 1e-6;
            var entry = network.Parameters.Values.narrow(0, i, 1);
            entry.add_(h);
            var up = Value();
            entry.sub_(2 * h);
            var slope = (up - Value()) / (2 * h);
            entry.add_(h);
            Assert.Equal(slope, gradient[i].item<double>(), 1e-8);
        }
    }

    [Theory]
    [InlineData("BatchCE", NoiseSampling.Exact, OptimizerKind.Sgd)]
    [InlineData("CE", NoiseSampling.Exact, OptimizerKind.Adam)]
    [InlineData("NCE", NoiseSampling.Sampled, OptimizerKind.Sgd)]
    public void Learns_and_goes_on_from_a_checkpoint_to_the_same_bits(string loss, NoiseSampling sampling, OptimizerKind optimizer)
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        var (options, lossOptions) = (Options with { Optimizer = optimizer }, new LossOptions { NoiseSampling = sampling });
        var whole = Trainer.Train(Data, [loss], lossOptions, options, null, Stop).Single().Model!;
        Assert.True(whole.History[^1].Loss < whole.History[0].Loss);

        using var stop = new CancellationTokenSource();
        var files = new TrainingFiles { CheckpointPath = _folder, CheckpointEvery = 10, Saved = _ => stop.Cancel() };
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(Data, [loss], lossOptions, options, files, null, stop.Token).ToArray());
        var resumed = Trainer.Resume(
            SavedTraining.Open(_folder), Data, null, new() { CheckpointPath = _folder }, null, Stop).Single().Model!;
        Assert.Equal(["head.bias", "head.weight"], resumed.Weights.Keys.Order());
        Assert.All(whole.Weights, weight => Assert.Equal(weight.Value.Values.ToArray(), resumed.Weights[weight.Key].Values.ToArray()));
    }

    [Fact]
    public void Its_logits_are_products_of_the_scaled_numbers()
    {
        var model = Trainer.Train(Data, ["BatchCE"], new(), Options, null, Stop).Single().Model!;
        var path = Path.Combine(_folder, "linear.safetensors");
        ModelFile.Export(model, path, Stop);
        var table = new ModelLogits(ModelFile.Import(path, Stop), Data, Split.Test, TestDevice.Name, Stop).ToMemory();
        var (weight, bias) = (model.Weights["head.weight"].Values.ToArray(), model.Weights["head.bias"].Values.ToArray());
        var (mean, deviation) = (model.Scaling.Mean.Single(), model.Scaling.Deviation.Single());
        var k = Data.ClassCount;
        for (var i = 0; i < Data.Test.Count; i++)
        {
            var example = Data.Test.Example(i);
            for (var j = 0; j < k; j++)
            {
                var expected = bias[j] + example.Select((value, f) => (value - mean) / deviation * weight[(j * example.Length) + f]).Sum();
                Assert.Equal(expected, table.SingleLogits.Span[(i * k) + j], 1e-4);
            }
        }
    }
}
