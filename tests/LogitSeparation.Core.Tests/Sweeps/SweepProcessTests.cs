using System.Diagnostics;
using System.Globalization;
using LogitSeparation.Core.Sweeps;
using Xunit;

namespace LogitSeparation.Core.Tests.Sweeps;

/// <summary>Sweeps in processes of their own, killed at random moments (signal 9) and beside one another.</summary>
public sealed class SweepProcessTests : IDisposable
{
    private const string FolderVariable = "SLC_TEST_SWEEP";
    private const string TrialVariable = "SLC_TEST_TRIAL";
    private const string LimitVariable = "SLC_TEST_LIMIT";

    private readonly SweepFixture _sweep = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SweepPlan Plan => SweepFixture.Plan(steps: 2500);

    // Those that are not to be killed write no more checkpoints than they must.
    private static SweepOptions Undisturbed => SweepFixture.Options with { CheckpointEvery = 0 };

    public void Dispose() => _sweep.Dispose();

    /// <summary>What the other processes run.</summary>
    [Fact(Explicit = true)]
    public void Run_the_sweep()
    {
        var limit = int.Parse(Environment.GetEnvironmentVariable(LimitVariable)!, CultureInfo.InvariantCulture);
        var options = SweepFixture.Options with { CheckpointEvery = 60, ThrottleLimit = limit, StartProcess = limit > 0 ? DescribeTrial : null };
        _ = Sweep.Resume(Environment.GetEnvironmentVariable(FolderVariable)!, null, options, null, Stop).ToArray();
    }

    /// <summary>What the processes of one trial run.</summary>
    [Fact(Explicit = true)]
    public void Run_the_trial() =>
        Sweep.RunTrial(Environment.GetEnvironmentVariable(TrialVariable)!, SweepFixture.Options with { CheckpointEvery = 60 }, null, Stop);

    [Fact]
    public void Killed_many_times_it_ends_with_the_same_bits_and_no_trial_lost_or_doubled()
    {
        var ids = Plan.Write(_sweep.Folder);
        var random = new Random(Environment.ProcessId);
        var kills = 0;
        for (var starts = CountStarts(); kills < 6 && Kill(starts); starts = CountStarts())
            kills++;
        Finish();
        Assert.True(kills > 1, "No process lived long enough to be killed.");
        Assert.True(CountStarts() > ids.Count, "No trial was killed before its end.");
        AssertWhole(ids);

        bool Kill(int starts) => TestProcess.StartAndKill(
            DescribeSweep(limit: kills % 3 == 2 ? 2 : 0), () => CountStarts() > starts, random.Next(500));
    }

    [Fact]
    public void Two_processes_share_a_sweep()
    {
        var ids = Plan.Write(_sweep.Folder);
        var processes = Enumerable.Range(0, 2).Select(_ => TestProcess.Start(DescribeSweep(limit: 0))).ToArray();
        foreach (var process in processes)
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        AssertWhole(ids);
        foreach (var trial in Sweep.Trials(_sweep.Folder))
            Assert.Single(File.ReadLines(Path.Combine(trial.Folder, "log.jsonl")), line => line.Contains("\"started\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_process_of_a_trial_that_ends_by_itself_is_a_failure_and_the_others_go_on()
    {
        var plan = SweepFixture.Plan() with { LearningRate = [0.1] };
        var first = plan.Write(_sweep.Folder)[0];
        var options = SweepFixture.Options with
        {
            ThrottleLimit = 1,
            StartProcess = folder => folder.EndsWith(first, StringComparison.Ordinal) ? TestProcess.Describe("--no-such-option") : DescribeTrial(folder),
        };
        var trials = Sweep.Start(plan, _sweep.Folder, options, null, Stop).ToArray();
        Assert.Equal([TrialState.Failed, TrialState.Done], trials.Select(trial => trial.State));
        Assert.Equal("TrialProcessEnded", trials[0].ErrorId);
        Assert.Contains("exit code", trials[0].Error, StringComparison.Ordinal);
        Assert.InRange(trials[1].ThreadCount!.Value, 1, Environment.ProcessorCount);
    }

    [Fact]
    public void Stopping_ends_the_processes_too()
    {
        var plan = SweepFixture.Plan(steps: 1_000_000);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var options = SweepFixture.Options with { ThrottleLimit = 2, StartProcess = DescribeTrial };
        var clock = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => Sweep.Start(plan, _sweep.Folder, options, Report, source.Token).ToArray());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60));
        var trials = Sweep.Trials(_sweep.Folder).ToArray();
        Assert.DoesNotContain(trials, trial => trial.State == TrialState.Running);
        Assert.Contains(trials, trial => Directory.Exists(Path.Combine(trial.Folder, "checkpoint")));

        void Report(SweepProgress progress)
        {
            if (progress.Share > 0 || clock.Elapsed > TimeSpan.FromSeconds(30))
                source.Cancel();
        }
    }

    // How often any trial was begun or gone on with.
    private int CountStarts() => Directory.GetFiles(_sweep.Folder, "log.jsonl", SearchOption.AllDirectories)
        .Sum(log => File.ReadLines(log).Count(line => line.Contains("\"training\"", StringComparison.Ordinal)));

    private void Finish()
    {
        var left = Sweep.Resume(_sweep.Folder, null, Undisturbed, null, Stop).ToArray();
        Assert.All(left, trial => Assert.Equal(TrialState.Done, trial.State));
    }

    // Every trial is there once, and has the bits of one that nobody disturbed.
    private void AssertWhole(IReadOnlyList<string> ids)
    {
        var trials = Sweep.Trials(_sweep.Folder).ToArray();
        Assert.Equal(ids.Order(StringComparer.Ordinal), trials.Select(trial => trial.Id).Order(StringComparer.Ordinal));
        Assert.All(trials, trial => Assert.Equal(TrialState.Done, trial.State));
        Assert.All(trials, trial => Assert.Single(File.ReadLines(Path.Combine(trial.Folder, "log.jsonl")), line => line.Contains("\"done\"", StringComparison.Ordinal)));
        Assert.SkipUnless(TestDevice.Name == "cpu", "The same bits are promised on the CPU.");
        using var undisturbed = new SweepFixture();
        var whole = Sweep.Start(Plan, undisturbed.Folder, Undisturbed, null, Stop).ToDictionary(trial => trial.Id);
        foreach (var trial in trials)
        {
            Assert.Equal(whole[trial.Id].ReadModel().History, trial.ReadModel().History);
            Assert.Equal(SweepFixture.Weights(whole[trial.Id]), SweepFixture.Weights(trial));
            Assert.Equal(whole[trial.Id].Auprc, trial.Auprc);
        }
    }

    private ProcessStartInfo DescribeSweep(int limit) => TestProcess.Describe(
        typeof(SweepProcessTests), nameof(Run_the_sweep), (FolderVariable, _sweep.Folder), (LimitVariable, limit.ToString(CultureInfo.InvariantCulture)));

    private static ProcessStartInfo DescribeTrial(string folder) =>
        TestProcess.Describe(typeof(SweepProcessTests), nameof(Run_the_trial), (TrialVariable, folder));
}
