using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Tests.Formats;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Losses;

/// <summary>Losses with parameters that train along with the network.</summary>
public sealed class LossParameterTests
{
    private static readonly LogitSeparation.Core.Data.Dataset Data = SmallDataset.Create();

    private static readonly TrainingOptions Options = new()
    {
        StepCount = 60,
        BatchSize = 16,
        HiddenUnit = [12, 8],
        LearningRate = [0.02],
        Seed = 3,
        Device = TestDevice.Name,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Model Train(string loss, TrainingOptions? options = null, LossOptions? lossOptions = null) =>
        Trainer.Train(Data, [loss], lossOptions ?? new(), options ?? Options, null, Stop).Single().Model!;

    [Theory]
    [InlineData(torch.ScalarType.Float64, false, 1e-6)]
    [InlineData(torch.ScalarType.Float32, false, 2e-4)]
    [InlineData(torch.ScalarType.Float32, true, 2e-4)]
    public void Own_gradients_are_central_differences(torch.ScalarType type, bool asTable, double tolerance)
    {
        const double h = 1e-4;
        for (var seed = 0; seed < 6; seed++)
        {
            var (logits, labels) = LossHarness.RandomBatch(seed, 5, 4 + (seed * 9));
            var (bias, scale) = (0.5 * seed, 0.3 + seed);
            Assert.Equal(Slope(b => Exact("UnifiedCE", new() { UnifiedBias = b }), bias), Own("UnifiedCE", new() { UnifiedBias = bias })[0], tolerance);
            var own = Own("SigmoidCE", new() { SigmoidScale = scale, SigmoidBias = -bias });
            var byLogScale = Slope(t => Exact("SigmoidCE", new() { SigmoidScale = Math.Exp(t), SigmoidBias = -bias }), Math.Log(scale));
            Assert.Equal(byLogScale, own[0], tolerance * (1 + Math.Abs(byLogScale)));
            Assert.Equal(Slope(b => Exact("SigmoidCE", new() { SigmoidScale = scale, SigmoidBias = b }), -bias), own[1], tolerance);

            double Exact(string name, LossOptions options) => Enumerable.Range(0, logits.Length).Sum(at =>
            {
                var u = name == "UnifiedCE" ? logits[at] - options.UnifiedBias!.Value : (options.SigmoidScale * logits[at]) + options.SigmoidBias;
                return RowLogistic.Softplus(at % (logits.Length / 5) == labels[at / (logits.Length / 5)] ? -u : u);
            }) / 5;
            double[] Own(string name, LossOptions options) => OwnGradient(name, options, logits, labels, type, asTable);
        }

        static double Slope(Func<double, double> loss, double at) => (loss(at + h) - loss(at - h)) / (2 * h);
    }

    [Theory]
    [InlineData("UnifiedCE")]
    [InlineData("SigmoidCE")]
    public void They_train_and_are_saved_and_no_decay_touches_them(string name)
    {
        var model = Train(name);
        var trained = model.LossWeights;
        Assert.Equal(name == "UnifiedCE" ? ["loss.bias"] : ["loss.bias", "loss.log_scale"], trained.Keys.Order());
        var start = name == "UnifiedCE" ? Math.Log(40) : -10;
        Assert.InRange(Math.Abs(trained["loss.bias"].Values.Span[0] - start), 1e-3, 30);

        using var folder = new TemporaryFolder();
        var path = folder["model.safetensors"];
        ModelFile.Export(model, path, Stop);
        var back = ModelFile.Import(path, Stop);
        Assert.All(trained, weight => Assert.Equal(weight.Value.Values.ToArray(), back.LossWeights[weight.Key].Values.ToArray()));

        // Decay so strong that a single step with it would leave nothing.
        var parameters = new ParameterBuffer();
        var decaying = parameters.Add("a", () => [1, 2], 2);
        var own = parameters.Add("b", () => [3], decays: false, [1]);
        TestDevice.Open();
        using (parameters)
        {
            parameters.Allocate(TestDevice.Open());
            parameters.AddDecay(0.5);
            Assert.Equal([0.5f, 1f], decaying.Gradient.cpu().data<float>().ToArray());
            Assert.Equal([0f], own.Gradient.cpu().data<float>().ToArray());
            Assert.Throws<InvalidOperationException>(() => parameters.Add("c", () => [1], 1));
        }
    }

    [Theory]
    [InlineData("UnifiedCE")]
    [InlineData("SigmoidCE")]
    public void A_model_is_measured_with_what_its_loss_was_trained_to(string name)
    {
        var model = Train(name);
        var logits = new ModelLogits(model, Data, LogitSeparation.Core.Data.Split.Train, TestDevice.Name, Stop).ToMemory();
        var value = LossMeasurement.Measure(logits, name, new()).Value;
        Assert.InRange(value, 0, 1.2 * model.History[^1].Loss);
        var elsewhere = new MemoryLogits(logits.SingleLogits.ToArray(), logits.Labels.ToArray(), logits.ClassNames);
        Assert.NotEqual(value, LossMeasurement.Measure(elsewhere, name, new()).Value);
        var bias = (double)model.LossWeights["loss.bias"].Values.Span[0];
        var options = name == "UnifiedCE"
            ? new LossOptions { UnifiedBias = bias }
            : new LossOptions { SigmoidBias = bias, SigmoidScale = Math.Exp(model.LossWeights["loss.log_scale"].Values.Span[0]) };
        Assert.Equal(value, LossMeasurement.Measure(elsewhere, name, options).Value, 1e-6 * (1 + value));
    }

    [Fact]
    public void The_head_starts_from_the_prior()
    {
        var device = TestDevice.Open();
        using var loss = LossCatalog.Create("PriorBCE", new(new() { Prior = 0.1 }, new int[4], Seed: 0));
        using var network = new Network(NetworkCatalog.Describe("MLP", [4], [3], 4), seed: 1, device, loss: loss);
        Assert.All(network.CopyWeights()["head.bias"].Values.ToArray(), bias => Assert.Equal(-Math.Log(9), bias, 1e-6));
    }

    [Fact]
    public void A_model_without_them_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder["model.safetensors"];
        var model = Train("UnifiedCE");
        var without = new Model(model.Network, model.Weights.Where(weight => weight.Key != "loss.bias").ToDictionary(weight => weight.Key, weight => weight.Value))
        {
            Loss = model.Loss,
            LossOptions = model.LossOptions,
            Training = model.Training,
            DatasetIdentity = model.DatasetIdentity,
            ClassNames = model.ClassNames,
            Scaling = model.Scaling,
            ThreadCount = model.ThreadCount,
            History = model.History,
            Duration = model.Duration,
            Version = model.Version,
        };
        ModelFile.Export(without, path, Stop);
        var error = Assert.Throws<SlcException>(() => ModelFile.Import(path, Stop));
        Assert.Contains("'loss.bias'", error.Message, StringComparison.Ordinal);
    }

    private static double[] OwnGradient(string name, LossOptions options, double[] logits, int[] labels, torch.ScalarType type, bool asTable)
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var loss = LossCatalog.Create(name, new(options, new int[logits.Length / labels.Length], Seed: 0));
        var z = torch.tensor(logits, labels.Length, logits.Length / labels.Length, dtype: type, device: device);
        var y = torch.tensor(Array.ConvertAll(labels, label => (long)label), device: device);
        var value = asTable ? loss.EvaluateAsTable(z, y, 0) : loss.Evaluate(z, y, 0);
        return value.Own!.to(torch.float64).cpu().data<double>().ToArray();
    }
}
