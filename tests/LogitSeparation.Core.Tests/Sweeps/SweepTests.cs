using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Sweeps;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Sweeps;

public sealed class SweepTests : IDisposable
{
    private readonly SweepFixture _sweep = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _sweep.Dispose();

    private Trial[] Run(SweepPlan plan) => [.. Sweep.Start(plan, _sweep.Folder, SweepFixture.Options, null, Stop)];

    [Fact]
    public void Every_combination_is_trained_once_and_leaves_its_files()
    {
        var trials = Run(SweepFixture.Plan());
        Assert.Equal(
            [("CE", 0.1), ("CE", 0.03), ("BatchCE", 0.1), ("BatchCE", 0.03)], trials.Select(trial => (trial.Loss, trial.LearningRate)));
        foreach (var trial in trials)
        {
            Assert.Equal(TrialState.Done, trial.State);
            Assert.Equal(
                ["claim", "dataset.json", "done", "history.csv", "log.jsonl", "metrics.json", "model.safetensors", "trial.json"],
                Directory.GetFileSystemEntries(trial.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Assert.Equal(21, File.ReadLines(Path.Combine(trial.Folder, "history.csv")).Count());
            Assert.Equal(trial.Loss == "CE" ? 2 : 1, trial.Metrics.Count);
            Assert.Equal(trial.Metrics[0].Auprc, SlcMetrics.Measure(new ModelLogits(trial.ReadModel(), SweepFixture.Digits, Split.Test, null, Stop), null, Stop).Auprc);
            var logits = new ModelLogits(trial.ReadModel(), SweepFixture.Digits, Split.Test, null, Stop);
            Assert.Equal(SeparationSummary.Of(Separation.Measure(logits, cancellationToken: Stop)), trial.Separation);
            Assert.Equal((trial.Loss, 0, trial.LearningRate), (trial.Metrics[0].Loss, trial.Metrics[0].Seed, trial.Metrics[0].LearningRate));
            Assert.InRange(trial.ValidationAuprc!.Value, 0.1, 1);
        }

        var direct = Trainer.Train(SweepFixture.Digits, ["BatchCE"], new(), SweepFixture.Plan().Training with { LearningRate = [0.03], Device = TestDevice.Name }, null, Stop).Single().Model!;
        if (TestDevice.Name == "cpu")
            Assert.Equal(direct.Weights["head.weight"].Values.ToArray(), trials[3].ReadModel().Weights["head.weight"].Values.ToArray());

        // Once more: nothing is trained again.
        var times = trials.Select(trial => File.GetLastWriteTimeUtc(trial.ModelPath!)).ToArray();
        Assert.Equal(trials.Select(trial => trial.Id), Run(SweepFixture.Plan()).Select(trial => trial.Id));
        Assert.Equal(times, trials.Select(trial => File.GetLastWriteTimeUtc(trial.ModelPath!)));
    }

    [Fact]
    public void The_name_of_a_trial_is_the_checksum_of_its_canonical_description()
    {
        var configuration = SweepFixture.Plan().Trials()[3];
        var text = System.Text.Encoding.UTF8.GetString(configuration.ToJson());
        Assert.Equal(
            "{\"dataset\":{\"checksum\":\"" + SweepFixture.Digits.Identity.Checksum + "\",\"name\":\"Digits\",\"seed\":0,\"validationCount\":134}," +
            "\"format\":1,\"loss\":\"BatchCE\",\"lossOptions\":{\"epsilon\":0},\"training\":{\"augmentation\":\"None\",\"batchSize\":16,\"hiddenUnit\":[16],\"historyInterval\":0," +
            "\"learningRate\":[0.03],\"momentum\":0.9,\"network\":\"MLP\",\"optimizer\":\"Sgd\",\"schedule\":\"Constant\",\"seed\":0,\"stepCount\":40,\"weightDecay\":0}}",
            text);
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(configuration.ToJson())).ToLowerInvariant(), configuration.Id());
        Assert.Equal(configuration.Id(), TrialConfiguration.Parse(configuration.ToJson(), "trial.json").Id());
        Assert.Equal(configuration.Id(), (configuration with { Training = configuration.Training with { Device = "cuda:1" } }).Id());
    }

    [Fact]
    public void Every_option_of_training_is_part_of_a_trial_but_where_it_runs()
    {
        var first = SweepFixture.Plan().Trials()[0];
        var configuration = first with { Training = first.Training with { Augmentation = Augmentation.ShiftedCrop } };
        var others = new TrainingOptions
        {
            Network = "Other",
            HiddenUnit = [3],
            LearningRate = [0.5],
            Schedule = LearningRateSchedule.Cosine,
            StepCount = 7,
            BatchSize = 9,
            Optimizer = OptimizerKind.Adam,
            Momentum = 0.1,
            WeightDecay = 0.2,
            Augmentation = Augmentation.Flip,
            CropShift = 9,
            ProductPrecision = ProductPrecision.BFloat16,
            Seed = 8,
            Device = "cuda",
            HistoryInterval = 3,
            SelectBy = SelectionMeasure.Auprc,
            Assembly = new("own.dll", new('0', 64)),
        };
        foreach (var property in typeof(TrainingOptions).GetProperties().Where(property => property.CanWrite))
        {
            AssertVaried(property.Name, property.GetValue(others)!);
            var changed = configuration with { Training = configuration.Training with { } };
            property.SetValue(changed.Training, property.GetValue(others));
            var isElsewhere = property.Name is nameof(TrainingOptions.Device) or nameof(TrainingOptions.SelectBy);
            Assert.True(isElsewhere == (changed.Id() == configuration.Id()), property.Name);
        }
    }

    // It makes trials of its own, or the user is told how else.
    private static void AssertVaried(string name, object value)
    {
        var plan = SweepFixture.Plan() with
        {
            Loss = ["CE"],
            LearningRate = [0.1],
            Parameter = new Dictionary<string, IReadOnlyList<object>> { [name] = [name == nameof(TrainingOptions.Network) ? "MLP" : value] },
        };
        if (SweepParameters.Elsewhere.ContainsKey(name))
            Assert.Contains("in this way", Assert.Throws<SlcException>(plan.Trials).Message, StringComparison.Ordinal);
        else
            Assert.Equal(value is "Other" ? "MLP" : value, typeof(TrainingOptions).GetProperty(name)!.GetValue(Assert.Single(plan.Trials()).Training));
    }

    [Fact]
    public void A_parameter_makes_trials_of_the_losses_that_read_it_only()
    {
        var plan = SweepFixture.Plan() with
        {
            Loss = ["CE", "SelfNorm"],
            LearningRate = [0.1],
            Parameter = new Dictionary<string, IReadOnlyList<object>> { ["alpha"] = [0.01, 0.1], ["Step"] = [20, "30"], ["HiddenUnit"] = [8, new[] { 8, 4 }] },
        };
        var trials = plan.Trials();
        Assert.Equal(4 + 8, trials.Count);
        Assert.Equal(4, trials.Count(trial => trial.Loss == "CE"));
        Assert.Equal([0.01, 0.1], trials.Where(trial => trial.Loss == "SelfNorm").Select(trial => trial.LossOptions.Alpha).Distinct());
        Assert.Equal([20, 30], trials.Select(trial => trial.Training.StepCount).Distinct());
        Assert.Equal([1, 2], trials.Select(trial => trial.Training.HiddenUnit.Count).Distinct());
    }

    [Theory]
    [InlineData("Alpa", 1.0, "UnknownParameter", "Alpha")]
    [InlineData("Seed", 1.0, "UnknownParameter", "-Seed")]
    [InlineData("AssemblyPath", "own.dll", "UnknownParameter", "-AssemblyPath")]
    [InlineData("ProductPrecision", "Half", "InvalidSweepValue", "Half")]
    [InlineData("BatchSize", "many", "InvalidSweepValue", "many")]
    [InlineData("BatchSize", 1, "InvalidTrainingOption", "-BatchSize")]
    [InlineData("Optimizer", "Newton", "InvalidSweepValue", "Newton")]
    [InlineData("Gamma", -1, "InvalidLossOption", "-Gamma")]
    public void Refuses_at_once_what_cannot_be_varied(string name, object value, string errorId, string part)
    {
        var plan = SweepFixture.Plan() with { Parameter = new Dictionary<string, IReadOnlyList<object>> { [name] = [value] } };
        var error = Assert.Throws<SlcException>(() => Sweep.Start(plan, _sweep.Folder, SweepFixture.Options, null, Stop));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_sweep.Folder));
    }

    [Fact]
    public void A_trial_that_diverges_is_recorded_and_the_others_go_on()
    {
        var plan = SweepFixture.Plan() with { Loss = ["SelfNorm", "CE"], LearningRate = [0.1], LossOptions = new() { Alpha = 1e37 } };
        var trials = Run(plan);
        Assert.Equal([TrialState.Failed, TrialState.Done], trials.Select(trial => trial.State));
        Assert.Equal("TrainingDiverged", trials[0].ErrorId);
        Assert.Contains("SelfNorm", trials[0].Error, StringComparison.Ordinal);
        var log = File.ReadAllText(Path.Combine(trials[0].Folder, "log.jsonl"));
        Assert.Equal(trials.Select(trial => trial.Id), Run(plan).Select(trial => trial.Id));
        Assert.Equal(log, File.ReadAllText(Path.Combine(trials[0].Folder, "log.jsonl")));
    }

    [Fact]
    public void What_failed_for_a_reason_outside_is_tried_again_by_the_next_start()
    {
        var plan = SweepFixture.Plan() with { Loss = ["CE"], LearningRate = [0.1] };
        var id = plan.Write(_sweep.Folder)[0];
        var obstacle = Path.Combine(_sweep.Folder, id, "model.safetensors");
        Directory.CreateDirectory(obstacle);
        var failed = Assert.Single(Run(plan));
        Assert.Equal((TrialState.Failed, "NotWritable"), (failed.State, failed.ErrorId));
        Assert.Equal(TrialState.Failed, Assert.Single(Sweep.Trials(_sweep.Folder)).State);
        Directory.Delete(obstacle);
        Assert.Equal(TrialState.Done, Assert.Single(Run(plan)).State);
        Assert.Null(Assert.Single(Sweep.Trials(_sweep.Folder)).Error);
    }

    [Fact]
    public void A_stopped_sweep_goes_on_to_the_same_bits()
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        var plan = SweepFixture.Plan(steps: 4000) with { LearningRate = [0.1] };
        using (var source = new CancellationTokenSource())
        {
            Assert.Throws<OperationCanceledException>(() => Sweep.Start(plan, _sweep.Folder, SweepFixture.Options, _ => source.Cancel(), source.Token).ToArray());
        }

        var stopped = Sweep.Trials(_sweep.Folder).Where(trial => trial.State == TrialState.Stopped).ToArray();
        Assert.Single(stopped);
        Assert.Contains("\"stopped\"", File.ReadAllText(Path.Combine(stopped[0].Folder, "log.jsonl")), StringComparison.Ordinal);
        var resumed = Sweep.Resume(_sweep.Folder, null, SweepFixture.Options, null, Stop).ToArray();
        using var other = new SweepFixture();
        var whole = Sweep.Start(plan, other.Folder, SweepFixture.Options, null, Stop).ToDictionary(trial => trial.Id);
        Assert.Equal(2, resumed.Length);
        Assert.All(resumed, trial => Assert.Equal(SweepFixture.Weights(whole[trial.Id]), SweepFixture.Weights(trial)));
    }

    [Fact]
    public async Task Another_thread_can_stop_a_sweep_by_its_folder()
    {
        var plan = SweepFixture.Plan(steps: 1_000_000);
        var run = Task.Run(() => Assert.Throws<OperationCanceledException>(() => Sweep.Start(plan, _sweep.Folder, SweepFixture.Options, null, Stop).ToArray()), Stop);
        while (!Directory.Exists(_sweep.Folder) || Sweep.Trials(_sweep.Folder).All(trial => trial.State != TrialState.Running))
            await Task.Delay(20, Stop);
        Assert.Empty(Sweep.Stop(_sweep.Folder, TimeSpan.FromSeconds(30), Stop));
        await run.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Contains(Sweep.Trials(_sweep.Folder), trial => trial.State == TrialState.Stopped);
    }

    [Fact]
    public void A_preview_names_what_is_left_and_writes_nothing()
    {
        var preview = Sweep.Preview(SweepFixture.Plan(), _sweep.Folder, SweepFixture.Options, Stop);
        Assert.Equal(4, preview.Count);
        Assert.All(preview, trial => Assert.InRange(trial.Estimate!.Value.TotalSeconds, 1e-4, 10));
        Assert.False(Directory.Exists(_sweep.Folder));
        Run(SweepFixture.Plan() with { Loss = ["CE"] });
        Assert.Equal(["BatchCE", "BatchCE"], Sweep.Preview(SweepFixture.Plan(), _sweep.Folder, SweepFixture.Options, Stop).Select(trial => trial.Loss));
    }

    [Fact]
    public void Says_what_is_no_sweep_no_trial_or_a_damaged_one()
    {
        Assert.Equal("SweepNotFound", Assert.Throws<SlcException>(() => Sweep.Trials(_sweep.Folder).ToArray()).ErrorId);
        var id = SweepFixture.Plan().Write(_sweep.Folder)[0];
        var trial = Path.Combine(_sweep.Folder, id);
        Assert.Equal("TrialNotFound", Assert.Throws<SlcException>(() => Sweep.RunTrial(_sweep.Folder, SweepFixture.Options, null, Stop)).ErrorId);
        File.AppendAllText(Path.Combine(trial, "trial.json"), " ");
        var damaged = Assert.Throws<SlcException>(() => Sweep.RunTrial(trial, SweepFixture.Options, null, Stop));
        Assert.Equal("TrialDamaged", damaged.ErrorId);
        Assert.Contains("trial.json", damaged.Message, StringComparison.Ordinal);
    }
}
