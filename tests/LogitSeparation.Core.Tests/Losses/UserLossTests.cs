using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Principle;
using LogitSeparation.Core.Runtime;
using LogitSeparation.Core.Sweeps;
using LogitSeparation.Core.Tests.Formats;
using LogitSeparation.Core.Tests.Losses.Own;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Losses;

/// <summary>Losses of the user's own: functions, and classes of an assembly. Their tensors are libtorch's, so nothing else may run.</summary>
[Collection(nameof(TensorLeakTests))]
public sealed class UserLossTests
{
    private static readonly Dataset Data = SmallDataset.Create();

    private static readonly AssemblyIdentity Assembly = UserAssembly.Load(typeof(OwnLoss).Assembly.Location);

    private static readonly TrainingOptions Options = new()
    {
        Network = "MLP",
        StepCount = 60,
        BatchSize = 16,
        HiddenUnit = [12, 8],
        LearningRate = [0.05],
        Seed = 3,
        HistoryInterval = 9,
        Device = TestDevice.Name,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Losses of the catalogue, written anew with the operations that a user has.</summary>
    public static TheoryData<string, string> Rewritten => new()
    {
        { "CE", "CE" },
        { "MaxMargin", "MaxMargin" },
        { "SelfNorm", "SelfNorm" },
        { "BinaryCE", "BinaryCE" },
        { "BatchCE", "BatchCE" },
        { "BatchMaxMargin", "BatchMaxMargin" },
        { "FocalBCE", "FocalBCE" },
        { "SmoothAP", "SmoothAP" },
    };

    private static LossTensor Write(string name, LossTensor z, LossTensor y)
    {
        var m = z.Shape[0];
        LossTensor MaxMargin() => (1 - z.TrueLogit(y) + z.FalseLogit(y).Max(1)).Relu().Mean();
        switch (name)
        {
            case "CE":
                return -z.LogSoftmax().TrueLogit(y).Mean();
            case "MaxMargin":
                return MaxMargin();
            case "SelfNorm":
                return (z.LogSumExp(1) - z.TrueLogit(y) + (0.1 * z.LogSumExp(1).Square())).Mean();
            case "BinaryCE":
                return (z * (1 - (2 * z.OneHot(y)))).Softplus().Sum(1).Mean();
            case "BatchCE":
                return z.LogSumExp() - z.TrueLogit(y).Mean() - Math.Log(m);
            case "BatchMaxMargin":
                return ((1 - z.TrueLogit(y).Min() + z.FalseLogit(y).Max()).Relu() / m) + MaxMargin();
            case "FocalBCE":
                var x = z * (1 - (2 * z.OneHot(y)));
                return (x.Sigmoid().Pow(2) * x.Softplus()).Sum() / m;
            default:
                // R⁺ and R⁻ of each true logit: the true ones as a row against a column, and the rest.
                var own = z.TrueLogit(y);
                var trueRank = (own.Transpose() - own).Sigmoid().Sum(1) + 0.5;
                var rank = trueRank * 0 + 0.5;
                for (var i = 0; i < z.Shape[1]; i++)
                {
                    var column = (z * z.OneHot(y * 0 + i)).Sum(1);
                    rank += (column.Transpose() - own).Sigmoid().Sum(1);
                }

                return (1 - (trueRank / rank)).Mean();
        }
    }

    [Theory]
    [MemberData(nameof(Rewritten))]
    public void Functions_of_losses_that_there_are_give_their_values_and_gradients(string name, string function)
    {
        var device = TestDevice.Open();
        var (logits, labels) = LossHarness.RandomBatch(4, 6, 5);
        foreach (var (type, tolerance) in new[] { (torch.ScalarType.Float64, 1e-13), (torch.ScalarType.Float32, 2e-6) })
        {
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            using var loss = Create(UserLoss.FromFunction("Mine", (z, y) => Write(function, z, y)), 5);
            var z = torch.tensor(logits, 6, 5, dtype: type, device: device);
            var (value, gradient) = loss.Evaluate(z, torch.tensor(Array.ConvertAll(labels, label => (long)label), device: device), 0);
            var (expected, expectedGradient) = LossHarness.Evaluate(name, logits, labels, 5, type);
            Assert.Equal(torch.ScalarType.Float64, value.dtype);
            Assert.Equal(expected, value.item<double>(), tolerance * (1 + expected));
            var found = gradient.to(torch.float64).cpu().data<double>().ToArray();
            for (var i = 0; i < found.Length; i++)
                Assert.Equal(expectedGradient[i], found[i], tolerance);
            Assert.Equal(logits, z.to(torch.float64).cpu().data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        }
    }

    [Fact]
    public void Operations_are_what_they_say()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var x = new LossTensor(torch.tensor([1.0, -2, 0.5, 4], 2, 2, device: device));
        var y = new LossTensor(torch.tensor([1L, 0], device: device));
        Is([-2, 0.5], x.TrueLogit(y));
        Is([1, double.NegativeInfinity, double.NegativeInfinity, 4], x.FalseLogit(y));
        Is([0, 1, 1, 0], x.OneHot(y));
        Is([3, 0, 2.5, 6], x + 2);
        Is([3, 0, 2.5, 6], 2 + x);
        Is([1, 4, 1.5, -2], 2 - x);
        Is([-1, -4, -1.5, 2], x - 2);
        Is([-1, 2, -0.5, -4], -x);
        Is([2, -1, 4, 0.5], 2 / x);
        Is([0.5, -1, 0.25, 2], x / 2);
        Is([1, 1, 1, 1], x / x);
        Is([1, 4, 0.25, 16], x.Square());
        Is([1, -8, 0.125, 64], x.Pow(3));
        Is([1, 2, 0.5, 4], x.Abs());
        Is([1, 0, 0.5, 4], x.Relu());
        Is([1, -1, 0.5, 2], x.Clamp(-1, 2));
        Is([1, 0.5, -2, 4], x.Transpose());
        Is([1, 0.5, 0.5, 4], x.Maximum(x.Transpose()));
        Is([1, -2, -2, 4], x.Minimum(x.Transpose()));
        Is([0, 0, 1, 0], x.IsAbove(x.Transpose()));
        Is([3.5], x.Sum());
        Is([1.5, 2], x.Sum(0));
        Is([-0.5, 2.25], x.Mean(1));
        Is([0.875], x.Mean());
        Is([4], x.Max());
        Is([1, 4], x.Max(1));
        Is([-2], x.Min());
        Is([0.5, -2], x.Min(0));
        Is([Math.E, Math.Exp(-2), Math.Exp(0.5), Math.Exp(4)], x.Exp());
        Is([0, Math.Log(2), Math.Log(0.5), Math.Log(4)], x.Abs().Log());
        Is([1, Math.Sqrt(2), Math.Sqrt(0.5), 2], x.Abs().Sqrt());
        Is([Math.Tanh(1), Math.Tanh(-2), Math.Tanh(0.5), Math.Tanh(4)], x.Tanh());
        Is([1 / (1 + Math.Exp(-1)), 1 / (1 + Math.Exp(2)), 1 / (1 + Math.Exp(-0.5)), 1 / (1 + Math.Exp(-4))], x.Sigmoid());
        Is([Math.Log(Math.E + Math.Exp(-2) + Math.Exp(0.5) + Math.Exp(4))], x.LogSumExp());
        Is([1 / (1 + Math.Exp(-3)), 1 / (1 + Math.Exp(3)), 1 / (1 + Math.Exp(3.5)), 1 / (1 + Math.Exp(-3.5))], x.Softmax());
        Assert.Equal("2 x 2", x.ToString());
        Assert.Equal([2, 1], x.Sum(1).Shape);

        static void Is(double[] expected, LossTensor found) =>
            Assert.Equal(expected, found.Tensor.to(torch.float64).contiguous().cpu().data<double>().ToArray(), (a, b) => a.Equals(b) || Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_function_trains_to_what_the_catalogue_trains_to_and_is_named()
    {
        var own = new LossOptions { Own = [UserLoss.FromFunction("Mine", (z, y) => Write("BatchCE", z, y))] };
        var results = Trainer.Train(Data, ["mine", "BatchCE"], own, Options, null, Stop).ToArray();
        Assert.Equal(["Mine", "BatchCE"], results.Select(result => result.LossName));
        var (mine, known) = (results[0].Model!, results[1].Model!);
        Assert.Equal("Mine", mine.Loss);
        Assert.Null(mine.LossOptions.Own);
        Assert.All(mine.History, point => Assert.Null(point.CertifiedShare));
        Assert.True(mine.ValidationAccuracy > 0.95);
        foreach (var (name, weight) in known.Weights)
            Assert.Equal(weight.Values.ToArray(), mine.Weights[name].Values.ToArray(), (a, b) => Math.Abs(a - b) < 1e-3);

        using var folder = new TemporaryFolder();
        ModelFile.Export(mine, folder["mine.safetensors"], Stop);
        Assert.Equal("Mine", ModelFile.Import(folder["mine.safetensors"], Stop).Loss);
        Assert.Equal("LossNotPortable", Assert.Throws<SlcException>(() => Trainer.Train(
            Data, ["Mine"], own, Options, new TrainingFiles { CheckpointPath = folder["kept"] }, null, Stop)).ErrorId);
        var plan = new SweepPlan { Dataset = [Data], Loss = ["Mine"], LearningRate = [0.1], Seed = [0], LossOptions = own, Training = Options };
        Assert.Equal("LossNotPortable", Assert.Throws<SlcException>(() => plan.Trials()).ErrorId);
    }

    [Fact]
    public void A_function_is_tested_for_alignment_by_search()
    {
        LossOptions Own(string name) => new() { Own = [UserLoss.FromFunction("Mine", (z, y) => Write(name, z, y))] };
        var aligned = AlignmentTest.Run("Mine", new() { BatchSize = 3, ClassCount = 3, Options = Own("BinaryCE") }, Stop);
        Assert.True(aligned.Aligned);
        Assert.Equal(("Mine", AlignmentEvidence.Numerical), (aligned.Loss, aligned.Evidence));
        Assert.Equal(2 * Math.Log(2) / 3, aligned.CriticalValue!.Value, 1e-4);
        Assert.Null(aligned.CertifiedLowerBound);
        var other = AlignmentTest.Run("Mine", new() { BatchSize = 3, ClassCount = 3, Options = Own("CE") }, Stop);
        Assert.False(other.Aligned);
        Assert.True(other.Search!.Excess < 1e-6);
        Assert.False(Separation.Measure(other.Configuration!.ToLogits(), cancellationToken: Stop).Holds);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0)]
    public void The_search_tries_every_class(double weight)
    {
        // Binary cross-entropy in which the logits of class 2 weigh less: a true and a false one of them tie at a cost of 2 w log 2, where
        // those of the other classes cost more than ten times as much.
        var loss = UserLoss.FromFunction("Mine", (z, y) =>
        {
            var others = 1 - z.OneHot((y * 0) + 2);
            return ((z * (1 - (2 * z.OneHot(y)))).Softplus() * (others + (weight * (1 - others)))).Sum(1).Mean();
        });
        var found = AlignmentTest.Run("Mine", new() { BatchSize = 2, ClassCount = 3, Options = new() { Own = [loss] } }, Stop);
        Assert.Equal(weight > 0, found.Aligned);
        if (weight > 0)
            Assert.Equal(2 * weight * Math.Log(2) / 2, found.CriticalValue!.Value, 1e-9);
        else
            Assert.Null(found.CriticalValue);
        Assert.Contains("24 pairs under 3 labellings", found.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_concluded_of_a_loss_that_falls_for_ever_or_too_slowly()
    {
        foreach (var loss in new[]
        {
            UserLoss.FromFunction("Mine", (z, y) => (z.FalseLogit(y).Max() - z.TrueLogit(y)).Mean()),
            UserLoss.FromFunction("Mine", (z, y) => (1 / (1 + (z.TrueLogit(y) - z.FalseLogit(y)).Softplus())).Mean()),
        })
        {
            var found = AlignmentTest.Run("Mine", new() { BatchSize = 3, ClassCount = 3, Options = new() { Own = [loss] } }, Stop);
            Assert.Null(found.Aligned);
            Assert.Null(found.CriticalValue);
            Assert.Contains("still falling", found.Note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_class_of_an_assembly_trains_with_parameters_of_its_own_and_goes_on_to_the_same_bits()
    {
        var options = Options with { Assembly = Assembly, Network = "OwnTrunk", HiddenUnit = [], WeightDecay = 1e-4 };
        var model = Trainer.Train(Data, ["ownloss"], new(), options, null, Stop).Single().Model!;
        Assert.Equal("OwnLoss", model.Loss);
        Assert.Equal(["loss._bias", "loss._threshold"], model.LossWeights.Keys.Order());
        Assert.Contains(model.LossWeights["loss._bias"].Values.ToArray(), value => Math.Abs(value) > 1e-4);
        Assert.True(model.ValidationAccuracy > 0.9);

        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var files = new TrainingFiles { CheckpointPath = folder["kept"], CheckpointEvery = 7, Saved = _ => source.Cancel() };
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(Data, ["OwnLoss"], new(), options, files, null, source.Token).ToArray());
        var resumed = Trainer.Resume(SavedTraining.Open(folder["kept"]), Data, null, new(), null, Stop).Single().Model!;
        Assert.All(model.Weights, weight => Assert.Equal(weight.Value.Values.ToArray(), resumed.Weights[weight.Key].Values.ToArray()));

        ModelFile.Export(model, folder["own.safetensors"], Stop);
        var back = ModelFile.Import(folder["own.safetensors"], Stop);
        Assert.Equal(model.LossWeights.Keys, back.LossWeights.Keys);
        var logits = new Core.Inference.ModelLogits(back, Data, Split.Train, TestDevice.Name, Stop).ToMemory();
        var own = new LossOptions { Own = UserLoss.FromAssembly(Assembly) };
        var value = LossMeasurement.Measure(logits, "OwnLoss", own).Value;
        Assert.Equal(Expected(logits, model), value, 1e-5);

        static double Expected(MemoryLogits logits, Model model)
        {
            var (bias, threshold) = (model.LossWeights["loss._bias"].Values.ToArray(), model.LossWeights["loss._threshold"].Values.Span[0]);
            var table = logits.SingleLogits.ToArray();
            var k = logits.ClassCount;
            return table.Select((z, at) => RowLogistic.Softplus(
                (at % k == logits.Labels.Span[at / k] ? -1 : 1) * ((double)z + bias[at % k] - threshold))).Sum() / logits.Count;
        }
    }

    [Fact]
    public void Sweeps_carry_the_assembly_of_a_loss()
    {
        using var folder = new TemporaryFolder();
        var plan = new SweepPlan
        {
            Dataset = [Data],
            Loss = ["OwnLoss", "CE"],
            LearningRate = [0.05],
            Seed = [0],
            Training = Options with { Assembly = Assembly, Network = "OwnTrunk", HiddenUnit = [] },
        };
        Assert.Equal(["OwnLoss", "CE"], plan.Trials().Select(trial => trial.Loss));
        Assert.DoesNotContain("own\"", System.Text.Encoding.UTF8.GetString(plan.Trials()[0].ToJson()), StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_that_cannot_be_used_say_why()
    {
        Is("LossNameTaken", "batchce", () => UserLoss.FromFunction("batchce", (z, y) => z.Sum()));
        Is("InvalidLossName", "a/b", () => UserLoss.FromFunction("a/b", (z, y) => z.Sum()));
        Is("LossInvalid", "2 x 1 numbers", () => Evaluate(UserLoss.FromFunction("Mine", (z, y) => z.TrueLogit(y))));
        Is("LossInvalid", "does not depend on the logits", () => Evaluate(UserLoss.FromFunction("Mine", (z, y) => z.Detach().Sum())));
        Is("LossInvalid", "gives nothing", () => Evaluate(UserLoss.FromFunction("Mine", (z, y) => null!)));
        Is("LossInvalid", "no public constructor", () => Evaluate(UserLoss.FromAssembly(Assembly).Single(loss => loss.Name == nameof(NeedyLoss))));
        Is("UnknownLoss", "OwnLos", () => Trainer.Train(Data, ["OwnLos"], new(), Options with { Assembly = Assembly }, null, Stop));
        var nan = new LossOptions { Own = [UserLoss.FromFunction("Mine", (z, y) => (z * 0).Log().Sum() * 0)] };
        Is("LossInvalid", "no finite number", () => AlignmentTest.Run("Mine", new() { BatchSize = 2, Options = nan }, Stop));

        static void Is(string errorId, string text, Action act)
        {
            var error = Assert.Throws<SlcException>(act);
            Assert.Equal(errorId, error.ErrorId);
            Assert.Contains(text, error.Message, StringComparison.Ordinal);
        }
    }

    private static Loss Create(UserLoss own, int k) => LossCatalog.Create(own.Name, new(new() { Own = [own] }, new int[k], Seed: 0));

    private static void Evaluate(UserLoss own)
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var loss = Create(own, 3);
        loss.Evaluate(torch.zeros(2, 3, device: device), torch.zeros(2, dtype: torch.int64, device: device), 0);
    }
}
