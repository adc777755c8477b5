using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Sweeps;
using LogitSeparation.Core.Tests.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Sweeps;

/// <summary>What goes wrong with one trial does not concern the others.</summary>
public sealed class SweepDamageTests : IDisposable
{
    private readonly SweepFixture _sweep = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SweepPlan Plan => SweepFixture.Plan(20) with { LearningRate = [0.1] };

    public void Dispose() => _sweep.Dispose();

    private Trial[] Run(SweepPlan plan) => [.. Sweep.Start(plan, _sweep.Folder, SweepFixture.Options, null, Stop)];

    private string In(string id, string file) => Path.Combine(_sweep.Folder, id, file);

    [Fact]
    public void An_exception_that_nobody_foresaw_is_a_trials_failure_and_lets_it_go()
    {
        var broken = Broken();
        var plan = Plan with { Dataset = [broken, SmallDataset.Create()], Loss = ["CE"] };
        var trials = Run(plan);
        Assert.Equal([TrialState.Failed, TrialState.Done], trials.Select(trial => trial.State));
        Assert.Equal("InternalError", trials[0].ErrorId);
        Assert.Contains("out of order", trials[0].Error, StringComparison.Ordinal);
        Assert.True(new TrialFolder(trials[0].Folder).ReadClaim(0)!.IsReleased);
    }

    [Fact]
    public void What_the_callers_own_code_throws_is_nobodys_failure()
    {
        var plan = SweepFixture.Plan(1_000_000);
        Assert.Throws<TimeZoneNotFoundException>(() => Sweep.Start(plan, _sweep.Folder, SweepFixture.Options, _ => throw new TimeZoneNotFoundException(), Stop).ToArray());
        Assert.DoesNotContain(Sweep.Trials(_sweep.Folder), trial => trial.State is TrialState.Failed or TrialState.Running);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    public void A_trial_that_is_damaged_is_said_while_the_others_go_on_and_written_anew_by_a_start(string text)
    {
        var ids = Plan.Write(_sweep.Folder);
        File.WriteAllText(In(ids[0], "trial.json"), text);
        var damaged = Sweep.Trials(_sweep.Folder).Single(trial => trial.Id == ids[0]);
        Assert.Equal((TrialState.Damaged, "TrialDamaged", null), (damaged.State, damaged.ErrorId, damaged.Loss));
        Assert.Contains("trial.json", damaged.Error, StringComparison.Ordinal);
        Assert.Contains(ids[0], damaged.ToString(), StringComparison.Ordinal);

        var resumed = Sweep.Resume(_sweep.Folder, null, SweepFixture.Options, null, Stop).ToDictionary(trial => trial.Id, trial => trial.State);
        Assert.Equal((TrialState.Damaged, TrialState.Done), (resumed[ids[0]], resumed[ids[1]]));
        Assert.Empty(Sweep.Preview(_sweep.Folder, null, SweepFixture.Options, Stop));
        Assert.Equal(ids[0], Assert.Single(Sweep.Preview(Plan, _sweep.Folder, SweepFixture.Options, Stop)).Id);
        Assert.Equal([TrialState.Done, TrialState.Done], Run(Plan).Select(trial => trial.State));
        Assert.DoesNotContain(Sweep.Trials(_sweep.Folder), trial => trial.State == TrialState.Damaged);
    }

    [Theory]
    [InlineData("metrics.json", "")]
    [InlineData("metrics.json", "{}")]
    [InlineData("done", "")]
    public void A_trial_whose_end_cannot_be_read_is_not_done_and_done_again(string file, string text)
    {
        var trials = Run(Plan);
        File.WriteAllText(In(trials[0].Id, file), text);
        Assert.Equal(TrialState.Stopped, Trial.Read(new(trials[0].Folder)).State);
        var again = Run(Plan);
        Assert.Equal([TrialState.Done, TrialState.Done], again.Select(trial => trial.State));
        var redone = again.Single(trial => trial.Id == trials[0].Id);
        Assert.Equal(trials[0].Accuracy, redone.Accuracy);
        Assert.NotNull(redone.Accuracy);
    }

    [Fact]
    public void What_is_wrong_with_all_trials_is_said_before_anything_is_made()
    {
        var options = SweepFixture.Options with { Device = "cuda:99" };
        Assert.Equal("DeviceUnavailable", Refused(Plan, options));
        Assert.Equal("InvalidTrainingOption", Refused(Plan, SweepFixture.Options with { CheckpointEvery = -5 }));
        if (TestDevice.Name == "cpu")
            Assert.Equal("InvalidTrainingOption", Refused(Plan with { Training = Plan.Training with { ProductPrecision = ProductPrecision.Tf32 } }, SweepFixture.Options));
        var noise = Plan with { Loss = ["NCE"], LossOptions = new() { NoiseCount = 100_000, NoiseSampling = NoiseSampling.Sampled }, Training = Plan.Training with { BatchSize = 1000 } };
        Assert.Equal("InvalidLossOption", Refused(noise, SweepFixture.Options));
        Assert.False(Directory.Exists(_sweep.Folder));

        Plan.Write(_sweep.Folder);
        Assert.Equal("DeviceUnavailable", Assert.Throws<SlcException>(() => Sweep.Resume(_sweep.Folder, null, options, null, Stop)).ErrorId);
        Assert.Equal("DeviceUnavailable", Assert.Throws<SlcException>(() => Sweep.Preview(_sweep.Folder, null, options, Stop)).ErrorId);
        Assert.All(Sweep.Trials(_sweep.Folder), trial => Assert.Equal(TrialState.Pending, trial.State));

        // What is done needs no device.
        Run(Plan);
        Assert.Equal(2, Sweep.Start(Plan, _sweep.Folder, options, null, Stop).Count());

        string Refused(SweepPlan plan, SweepOptions how)
        {
            var preview = Assert.Throws<SlcException>(() => Sweep.Preview(plan, _sweep.Folder, how, Stop)).ErrorId;
            Assert.Equal(preview, Assert.Throws<SlcException>(() => Sweep.Start(plan, _sweep.Folder, how, null, Stop)).ErrorId);
            return preview;
        }
    }

    [Fact]
    public void Without_test_examples_a_trial_is_measured_on_the_validation_split_alone()
    {
        var trial = Assert.Single(Run(Plan with { Dataset = [SmallDataset.Create(testCount: 0)], Loss = ["CE"] }));
        Assert.Equal(TrialState.Done, trial.State);
        Assert.Empty(trial.Metrics);
        Assert.Null(trial.Auprc);
        Assert.InRange(trial.ValidationAuprc!.Value, 0.1, 1);
        Assert.Equal(TrialState.Done, Assert.Single(Sweep.Trials(_sweep.Folder)).State);
    }

    private static Dataset Broken()
    {
        var labels = Enumerable.Range(0, 100).Select(i => i % 4).ToArray();
        var store = new BrokenExamples(labels);
        return new(
            new("Broken", null, "broken", 0, 0), ["a", "b", "c", "d"], [1, 4, 4], new(100, 60),
            new(Split.Train, store, null, 4), new(Split.Validation, store, [], 4), new(Split.Test, store, null, 4));
    }

    private sealed class BrokenExamples(int[] labels) : ExampleStore(16, labels)
    {
        public override ExampleType Type => ExampleType.Byte;

        public override void Read(int row, Span<byte> destination) => throw new InvalidOperationException("The shelf is out of order.");
    }
}
