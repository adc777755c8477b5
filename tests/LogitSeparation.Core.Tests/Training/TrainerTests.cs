using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

public sealed class TrainerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Dataset Data = SmallDataset.Create();

    private static readonly TrainingOptions Options = new()
    {
        StepCount = 60,
        BatchSize = 16,
        HiddenUnit = [12, 8],
        LearningRate = [0.05],
        Seed = 3,
        Device = TestDevice.Name,
    };

    private static Model Train(string loss, TrainingOptions? options = null, LossOptions? lossOptions = null) =>
        Trainer.Train(Data, [loss], lossOptions ?? new(), options ?? Options, null, Stop).Single().Model!;

    private static float[] Values(Model model) => model.Weights.SelectMany(weight => weight.Value.Values.ToArray()).ToArray();

    [Fact]
    public void Every_loss_learns_a_simple_data_set()
    {
        foreach (var result in Trainer.Train(Data, [.. LossCatalog.Known.Select(info => info.Name)], new() { SigmoidBias = -2 }, Options, null, Stop))
        {
            Assert.Empty(result.Failure);
            Assert.True(result.Model!.ValidationAccuracy > 0.95, $"{result.LossName}: {result.Model.ValidationAccuracy}");
            Assert.True(result.Model.History[^1].Loss < result.Model.History[0].Loss, result.LossName);
        }
    }

    [Fact]
    public void Same_seed_same_bits_and_another_seed_other_bits()
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        Assert.Equal(Values(Train("BatchCE")), Values(Train("BatchCE")));
        Assert.NotEqual(Values(Train("BatchCE")), Values(Train("BatchCE", Options with { Seed = 4 })));
        var sampled = new LossOptions { NoiseSampling = NoiseSampling.Sampled };
        Assert.Equal(Values(Train("NCE", lossOptions: sampled)), Values(Train("NCE", lossOptions: sampled)));
    }

    [Fact]
    public void The_convolutional_network_has_the_same_bits_for_the_same_seed()
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        var options = Options with { Network = "CNN", HiddenUnit = [4], BatchSize = 4, StepCount = 6 };
        Assert.Equal(Values(Train("BatchCE", options)), Values(Train("BatchCE", options)));
    }

    [Fact]
    public void A_loss_ends_with_the_same_bits_alone_or_after_others()
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        var together = Trainer.Train(Data, ["CE", "NCE", "BatchCE"], new(), Options, null, Stop).Select(result => result.Model!).ToArray();
        Assert.Equal(Values(Train("BatchCE")), Values(together[2]));
    }

    [Fact]
    public void A_diverging_run_names_step_loss_and_rate_and_the_others_go_on()
    {
        // A weight that throws the normaliser's gradient off the finite numbers, and that the other loss does not read.
        var heavy = new LossOptions { Alpha = 1e37 };
        var results = Trainer.Train(Data, ["SelfNorm", "BatchCE"], heavy, Options, null, Stop).ToArray();
        Assert.Equal(["SelfNorm", "BatchCE"], results.Select(result => result.LossName));
        var error = Assert.Single(results[0].Failure);
        Assert.Null(results[0].Model);
        Assert.Equal(("TrainingDiverged", SlcErrorKind.Diverged), (error.ErrorId, error.Kind));
        Assert.Matches(@"SelfNorm at learning rate 0\.05.*at step \d+.*-LearningRate", error.Message);
        Assert.Empty(results[1].Failure);
        Assert.True(results[1].Model!.ValidationAccuracy > 0.9);
    }

    [Fact]
    public void Batch_statistics_beyond_float32_end_the_run_though_loss_and_weights_are_finite()
    {
        // Deviations of 1e22 have squares that are infinite, by which normalisation gives zeros.
        var (n, random) = (64, new Random(1));
        DataSplit Create(Split split) => new(split, new FloatExamples(
            [.. Enumerable.Range(0, n * 4).Select(_ => (float)(1e22 * random.NextDouble()))], 4, [.. Enumerable.Range(0, n).Select(i => i % 2)]), null, 2);
        var huge = new Dataset(
            new("Huge", null, "none", 0, n), ["a", "b"], [4], new(0, 1), Create(Split.Train), Create(Split.Validation), Create(Split.Test));
        var result = Trainer.Train(huge, ["CE"], new(), Options with { StepCount = 3 }, null, Stop).Single();
        Assert.Null(result.Model);
        Assert.Matches("batch statistics.*step 3", Assert.Single(result.Failure).Message);
    }

    [Fact]
    public void Refuses_more_noise_and_larger_batches_than_memory_is_for()
    {
        var sampled = new LossOptions { NoiseSampling = NoiseSampling.Sampled, NoiseCount = 100_000 };
        var many = SmallDataset.Create(trainCount: 2000);
        var noise = Assert.Throws<SlcException>(
            () => Trainer.Train(many, ["CE", "NCE"], sampled, Options with { BatchSize = 2000 }, null, Stop).ToArray());
        Assert.Equal(("InvalidLossOption", "NoiseCount"), (noise.ErrorId, noise.Target));
        var wide = new DataSplit(Split.Train, new GeneratedExamples(200, 1 << 22), null, 2);
        var large = new Dataset(new("Wide", null, "none", 0, 0), ["a", "b"], [1 << 22], new(0, 1), wide, new DataSplit(Split.Validation, new GeneratedExamples(0, 1 << 22), null, 2), wide);
        var batch = Assert.Throws<SlcException>(
            () => Trainer.Train(large, ["CE"], new(), Options with { BatchSize = 200, Network = "MLP" }, null, Stop).ToArray());
        Assert.Equal(("InvalidTrainingOption", "BatchSize"), (batch.ErrorId, batch.Target));
        Assert.Contains("at most 127", batch.Message);
    }

    [Fact]
    public void The_search_keeps_the_rate_with_the_best_validation_accuracy()
    {
        var rates = new[] { 1e-7, 0.05 };
        var best = Train("CE", Options with { LearningRate = rates });
        Assert.Equal(0.05, best.LearningRate);
        Assert.Equal(rates.Max(rate => Train("CE", Options with { LearningRate = [rate] }).ValidationAccuracy), best.ValidationAccuracy);
        var partly = Trainer.Train(Data, ["BatchCE"], new(), Options with { LearningRate = [1e38, 0.05] }, null, Stop).Single();
        Assert.Equal(0.05, partly.Model!.LearningRate);
        Assert.Single(partly.Failure);
    }

    [Fact]
    public void Momentum_and_decay_follow_their_definition()
    {
        var device = TestDevice.Open();
        // Two steps by hand from the gradients that the network gives at each point: v = μ v + g + λ w, w = w - η v.
        const double rate = 0.1, momentum = 0.5, decay = 0.01;
        using var scope = torch.NewDisposeScope();
        using var buffer = new ParameterBuffer();
        buffer.Add("w", () => [1, -2], 2);
        buffer.Allocate(device, torch.ScalarType.Float64);
        using var optimizer = new SgdOptimizer(rate, momentum, decay);
        var (w, v) = (new[] { 1.0, -2.0 }, new double[2]);
        foreach (var g in new[] { 0.3, -0.7 })
        {
            using var noGrad = torch.no_grad();
            buffer.Gradient.mul_(optimizer.Beta).add_(g);
            optimizer.Step(buffer);
            for (var i = 0; i < 2; i++)
            {
                v[i] = (momentum * v[i]) + g + (decay * w[i]);
                w[i] -= rate * v[i];
            }

            Assert.Equal(w, buffer.Values.cpu().data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-15);
        }
    }

    [Fact]
    public void Adam_follows_its_definition()
    {
        var device = TestDevice.Open();
        const double rate = 0.1;
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var buffer = new ParameterBuffer();
        buffer.Add("w", () => [1], 1);
        buffer.Allocate(device, torch.ScalarType.Float64);
        using var optimizer = new AdamOptimizer(rate, 0);
        var (w, m, v) = (1.0, 0.0, 0.0);
        for (var t = 1; t <= 3; t++)
        {
            var g = 0.5 / t;
            buffer.Gradient.mul_(optimizer.Beta).add_(g);
            optimizer.Step(buffer);
            (m, v) = ((0.9 * m) + (0.1 * g), (0.999 * v) + (0.001 * g * g));
            w -= rate * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8);
            Assert.Equal(w, buffer.Values[0].item<double>(), 1e-12);
        }
    }

    [Fact]
    public void The_history_covers_every_step()
    {
        var model = Train("CE", Options with { HistoryInterval = 25 });
        Assert.Equal([25, 50, 60], model.History.Select(point => point.Step));
        Assert.All(model.History, point => Assert.InRange(point.ValidationAccuracy!.Value, 0, 1));
        Assert.Equal((model.Loss, model.LearningRate, model.Step, model.Dataset), ("CE", 0.05, 60, "Small"));
    }

    [Fact]
    public void Refuses_what_cannot_be_trained_with()
    {
        TrainingOptions[] wrong =
        [
            Options with { StepCount = 0 }, Options with { BatchSize = 1 }, Options with { BatchSize = 201 }, Options with { LearningRate = [] },
            Options with { LearningRate = [double.NaN] }, Options with { LearningRate = [-1] }, Options with { Momentum = 1 },
            Options with { Momentum = double.NaN }, Options with { WeightDecay = -1 }, Options with { HistoryInterval = -1 },
        ];
        foreach (var options in wrong)
        {
            var error = Assert.Throws<SlcException>(() => Trainer.Train(Data, ["CE"], new(), options, null, Stop));
            Assert.Equal("InvalidTrainingOption", error.ErrorId);
            Assert.Contains($"-{error.Target}", error.Message, StringComparison.Ordinal);
        }

        var unvalidated = SmallDataset.Create(validationCount: 0);
        Assert.Throws<SlcException>(() => Trainer.Train(unvalidated, ["CE"], new(), Options with { LearningRate = [1, 0.1] }, null, Stop));
        Assert.Null(Trainer.Train(unvalidated, ["CE"], new(), Options, null, Stop).Single().Model!.ValidationAccuracy);
    }
}
