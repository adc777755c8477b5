using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Onnx;
using LogitSeparation.Core.Runtime;
using LogitSeparation.Core.Sweeps;
using LogitSeparation.Core.Tests.Formats;
using LogitSeparation.Core.Tests.Networks.Own;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Networks;

/// <summary>Trunks from a user's own assembly: here this one. Their random numbers and tensors are libtorch's, so nothing else may run.</summary>
[Collection(nameof(TensorLeakTests))]
public sealed class ModuleTrunkTests
{
    private static readonly Dataset Data = SmallDataset.Create();

    private static readonly AssemblyIdentity Own = UserAssembly.Load(typeof(OwnTrunk).Assembly.Location);

    private static readonly TrainingOptions Options = new()
    {
        Network = "owntrunk",
        Assembly = Own,
        StepCount = 60,
        BatchSize = 16,
        Seed = 4,
        HistoryInterval = 9,
        Device = TestDevice.Name,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Model Train(TrainingOptions options) => Trainer.Train(Data, ["BatchCE"], new(), options, null, Stop).Single().Model!;

    private static float[] Logits(Model model) => new ModelLogits(model, Data, Split.Test, TestDevice.Name, Stop).ToMemory().SingleLogits.ToArray();

    private static NetworkSpec Spec(string name) => new(typeof(OwnTrunk).Namespace + "." + name, [1, 4, 4], [], 3) { Assembly = Own };

    [Fact]
    public void One_is_trained_saved_and_read_again()
    {
        using var folder = new TemporaryFolder();
        var model = Train(Options);
        Assert.InRange(model.ValidationAccuracy!.Value, 0.9, 1);
        Assert.Equal((7, typeof(OwnTrunk).FullName), (model.FeatureCount, model.Network.Name));
        Assert.Contains("trunk._layers.2.running_mean", model.Weights.Keys);
        Assert.Equal([12, 16], model.Weights["trunk._layers.1.weight"].Shape);

        ModelFile.Export(model, folder["own.safetensors"], Stop);
        var back = ModelFile.Import(folder["own.safetensors"], Stop);
        Assert.Equal(Own, back.Network.Assembly);
        Assert.Equal(Logits(model), Logits(back));
        Assert.Equal(Logits(model), Logits(Train(Options)));
        Assert.NotEqual(Logits(model), Logits(Train(Options with { Seed = 5 })));
    }

    [Fact]
    public void One_can_be_anything_so_that_no_onnx_file_is_made_of_it()
    {
        using var folder = new TemporaryFolder();
        var model = Train(Options with { StepCount = 2 });
        foreach (var allLogits in new[] { false, true })
        {
            var error = Assert.Throws<SlcException>(() => OnnxModel.Export(model, folder["own.onnx"], allLogits, Stop));
            Assert.Equal("OnnxNotSupported", error.ErrorId);
            Assert.Contains("Export-SlcFeature", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Stopped_and_resumed_it_ends_with_the_same_bits()
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var saved = 0;
        var files = new TrainingFiles { CheckpointPath = folder["run"], CheckpointEvery = 1, Saved = _ => Cancel() };
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(Data, ["BatchCE"], new(), Options, files, null, source.Token).ToArray());
        var resumed = Trainer.Resume(SavedTraining.Open(folder["run"]), Data, null, new(), null, Stop).Single().Model!;
        Assert.Equal(Logits(Train(Options)), Logits(resumed));

        void Cancel()
        {
            if (++saved == 23)
                source.Cancel();
        }
    }

    [Fact]
    public void Gradients_are_central_differences_in_float64()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(Spec("OwnTrunk"), seed: 1, device, torch.ScalarType.Float64);
        using var loss = LossCatalog.Create("SelfNorm", new(new(), [1, 1, 1], 0));
        var input = torch.randn(5, 16, dtype: torch.float64, device: device);
        var labels = torch.tensor([0L, 1, 2, 0, 1], device: device);
        double Value() => loss.Evaluate(Forward(), labels, 0).Value.item<double>();

        network.Backward([loss.Evaluate(Forward(), labels, 0).Gradient], 0);
        var gradient = network.Parameters.Gradient.clone();
        var random = new Random(3);
        for (var i = 0; i < 60; i++)
        {
            const double h = 1e-6;
            var at = random.Next((int)gradient.shape[0]);
            var entry = network.Parameters.Values.narrow(0, at, 1);
            entry.add_(h);
            var up = Value();
            entry.sub_(2 * h);
            var slope = (up - Value()) / (2 * h);
            entry.add_(h);
            Assert.Equal(slope, gradient[at].item<double>(), 1e-8 + (1e-6 * Math.Abs(slope)));
        }

        // The same step drops the same units each time.
        torch.Tensor Forward()
        {
            network.Trunk.Begin(step: 8);
            return network.Forward(input)[0].Logits;
        }
    }

    [Fact]
    public void A_long_training_holds_a_flat_number_of_tensors_and_leaves_none()
    {
        var device = TestDevice.Open();

        // TorchSharp goes on counting what a parameter took its memory from, so a module that is made and freed sets the measure.
        var atFirst = Count();
        new OwnTrunk([16]).Dispose();
        var before = Count();
        using (var scope = torch.NewDisposeScope())
        {
            using var noGrad = torch.no_grad();
            using var train = new DeviceSplit(Data.Train, Data.Scaling, device);
            var spec = NetworkCatalog.Describe("OwnTrunk", Data.ExampleShape, [], Data.ClassCount, Own);
            using var run = new TrainingRun(Data, train, null, "BatchCE", new(), Options, spec, device);
            for (var step = 0; step < 5; step++)
                run.TakeStep(step);
            var tensors = Count();
            for (var step = 5; step < 200; step++)
                run.TakeStep(step);
            Assert.Equal(tensors, Count());
        }

        Assert.Equal(before - atFirst, Count() - before);

        static long Count()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return torch.Tensor.TotalCount;
        }
    }

    [Fact]
    public void One_that_throws_in_training_is_said_and_is_a_trials_failure()
    {
        var error = Assert.Throws<SlcException>(() => Train(Options with { Network = "TiringTrunk" }));
        Assert.Equal("NetworkInvalid", error.ErrorId);
        Assert.Contains("TiringTrunk cannot compute a batch: five is enough", error.Message, StringComparison.Ordinal);

        using var fixture = new Sweeps.SweepFixture();
        var plan = Sweeps.SweepFixture.Plan(20) with { LearningRate = [0.03] };
        plan = plan with { Training = plan.Training with { Network = "TiringTrunk", Assembly = Own, HiddenUnit = [] } };
        var trials = Sweep.Start(plan, fixture.Folder, Sweeps.SweepFixture.Options, null, Stop).ToArray();
        Assert.Equal(["NetworkInvalid", "NetworkInvalid"], trials.Select(trial => trial.ErrorId));
        Assert.All(Sweep.Trials(fixture.Folder), trial => Assert.Equal(TrialState.Failed, trial.State));
    }

    [Fact]
    public void A_trial_carries_the_code_with_it()
    {
        using var fixture = new Sweeps.SweepFixture();
        var plan = Sweeps.SweepFixture.Plan(20) with { LearningRate = [0.03], Loss = ["CE"] };
        plan = plan with { Training = plan.Training with { Network = "OwnTrunk", Assembly = Own, HiddenUnit = [] } };
        var trial = Assert.Single(Sweep.Start(plan, fixture.Folder, Sweeps.SweepFixture.Options, null, Stop));
        Assert.Equal(TrialState.Done, trial.State);
        Assert.Equal(7, trial.ReadModel().FeatureCount);
        var copy = Path.Combine(fixture.Folder, trial.Id, TrialFolder.AssemblyName);
        Assert.Equal(File.ReadAllBytes(typeof(OwnTrunk).Assembly.Location), File.ReadAllBytes(copy));

        var folder = new TrialFolder(Path.Combine(fixture.Folder, trial.Id));
        File.Copy(typeof(Xunit.Assert).Assembly.Location, copy, overwrite: true);
        Assert.Equal("TrialDamaged", Assert.Throws<SlcException>(() => folder.LoadAssembly(folder.ReadConfiguration())).ErrorId);
    }

    [Fact]
    public void What_cannot_be_used_is_said()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.dll"], "no assembly");
        Assert.Equal("AssemblyInvalid", Error(() => UserAssembly.Load(folder["text.dll"])).ErrorId);
        Assert.Equal("FileNotFound", Error(() => UserAssembly.Load(folder["absent.dll"])).ErrorId);

        Assert.Contains("OwnTrunk", Error(() => Describe("OwnTrank", Own)).Message, StringComparison.Ordinal);
        Assert.Contains("Say which with -Network", Error(() => Describe("Auto", Own)).Message, StringComparison.Ordinal);
        Assert.Equal("InvalidHiddenUnit", Error(() => NetworkCatalog.Describe("OwnTrunk", [1, 4, 4], [3], 3, Own)).ErrorId);
        var none = UserAssembly.Load(typeof(Xunit.Assert).Assembly.Location);
        Assert.Contains("no public class", Error(() => Describe("Auto", none)).Message, StringComparison.Ordinal);

        // A model that names code which nobody here has named does not run it.
        var unknown = Error(() => Describe("OwnTrunk", new("trunk.dll", new('0', 64))));
        Assert.Equal("AssemblyNotLoaded", unknown.ErrorId);
        Assert.Contains("-AssemblyPath", unknown.Message, StringComparison.Ordinal);

        TestDevice.Open();
        Assert.Contains("2 x 1 x 1 x 4 x 4", Error(() => Build("BrokenTrunk")).Message, StringComparison.Ordinal);
        Assert.Contains("pictures of 3 sizes are beyond me", Error(() => Build("ThrowingTrunk")).Message, StringComparison.Ordinal);
        Assert.Equal("NetworkInvalid", Error(() => Build("ThrowingTrunk")).ErrorId);

        static SlcException Error(Func<object> action) => Assert.Throws<SlcException>(action);
        static NetworkSpec Describe(string name, AssemblyIdentity assembly) => NetworkCatalog.Describe(name, [1, 4, 4], [], 3, assembly);
        static Network Build(string name) => new(Spec(name), 0, TestDevice.Open());
    }
}
