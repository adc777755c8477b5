using System.Text.Json;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Sweeps;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Sweeps;

public sealed class ClaimTests : IDisposable
{
    private readonly SweepFixture _sweep = new();
    private readonly TrialFolder _trial;

    public ClaimTests()
    {
        var id = SweepFixture.Plan().Write(_sweep.Folder)[0];
        _trial = new(Path.Combine(_sweep.Folder, id));
    }

    public void Dispose() => _sweep.Dispose();

    private static ClaimWatch Watch(double seconds = 60, double gone = 60) => new(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(gone));

    private void Beat(int beat) => File.WriteAllText(_trial.HeartbeatPath, FormattableString.Invariant($"theirs {beat}"));

    private void Leave(ProcessIdentity owner, int number = 0)
    {
        var note = new ClaimNote("theirs", owner, DateTimeOffset.UtcNow, IsReleased: false);
        File.WriteAllBytes(_trial.ClaimPath(number), JsonSerializer.SerializeToUtf8Bytes(note, ModelFile.Json));
    }

    [Fact]
    public void Of_many_at_once_one_takes_a_trial_and_the_next_only_when_it_lets_go()
    {
        for (var round = 0; round < 20; round++)
        {
            using var start = new Barrier(8);
            var claims = new Claim?[8];
            var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
            {
                var watch = Watch();
                start.SignalAndWait();
                claims[i] = Claim.TryTake(_trial, watch);
            })).ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            var won = Assert.Single(claims, claim => claim is not null)!;
            Assert.False(won.IsLost);
            Assert.Null(Claim.TryTake(_trial, Watch()));
            won.Release();
        }
    }

    [Fact]
    public void A_claim_whose_process_is_gone_is_taken_soon_but_not_while_its_heart_beats()
    {
        // No process has this number and this start: it is gone, or belongs to a user whose processes are hidden.
        Leave(ProcessIdentity.Current with { Start = "0" });
        var watch = Watch(gone: 0.3);
        for (var beat = 0; beat < 5; beat++)
        {
            Beat(beat);
            Assert.Null(Claim.TryTake(_trial, watch));
            Thread.Sleep(100);
        }

        Assert.True(watch.IsAlive(_trial));
        Thread.Sleep(400);
        Assert.NotNull(Claim.TryTake(_trial, watch));
        Assert.True(File.Exists(_trial.ClaimPath(1)));
    }

    [Fact]
    public void Another_machine_of_the_same_name_is_another_machine()
    {
        var parts = ProcessIdentity.Current.Host.Split(' ');
        Assert.Equal(Environment.MachineName, parts[0]);
        Assert.True(parts.Length >= 2);
        if (OperatingSystem.IsLinux())
            Assert.Equal(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), parts[3]);
        for (var part = 1; part < parts.Length; part++)
        {
            string[] others = [.. parts];
            others[part] = "another";

            // A number and a start that no process here has, as a live process there may.
            var there = ProcessIdentity.Current with { Host = string.Join(' ', others), Start = "0" };
            Assert.False(there.IsOnThisHost);
            Assert.False(there.IsGone);
        }

        Leave(ProcessIdentity.Current with { Host = $"{parts[0]} another", Start = "0" });
        var watch = Watch(gone: 0);
        Assert.Null(Claim.TryTake(_trial, watch));
        Thread.Sleep(50);
        Assert.Null(Claim.TryTake(_trial, watch));
    }

    [Fact]
    public async Task A_trial_whose_owner_was_held_up_is_not_free_before_it_lets_the_checkpoints_go()
    {
        Leave(ProcessIdentity.Current with { Start = "0" });
        Directory.CreateDirectory(_trial.CheckpointPath);
        var options = SweepFixture.Options with { GoneAfter = TimeSpan.Zero };
        var stop = TestContext.Current.CancellationToken;
        Task<Trial[]> run;
        using (CheckpointFolder.Create(new() { CheckpointPath = _trial.CheckpointPath }, Training(_trial.ReadConfiguration())))
        {
            run = Task.Run(() => Sweep.Resume(_sweep.Folder, [_trial.Id], options, null, stop).ToArray(), stop);
            await Task.Delay(800, stop);
            Assert.False(run.IsCompleted);
            Assert.Equal(0, _trial.NewestClaim());

            // Somebody who does not see the lock takes it all the same, and lets go.
            var claim = Claim.TryAdopt(_trial, "theirs")!;
            Assert.Equal("CheckpointInUse", Assert.Throws<SlcException>(() => new TrialRunner(options).Run(_trial, claim, null, stop)).ErrorId);
            Assert.Null(_trial.ReadFailed());
            Assert.True(_trial.ReadClaim(_trial.NewestClaim())!.IsReleased);
        }

        Assert.Equal(TrialState.Done, Assert.Single(await run.WaitAsync(TimeSpan.FromSeconds(60), stop)).State);

        static TrainingPlan Training(TrialConfiguration trial) =>
            new() { Loss = [trial.Loss], LossOptions = trial.LossOptions, Training = trial.Training, Dataset = trial.Dataset };
    }

    [Fact]
    public void A_stop_that_was_asked_for_before_a_start_does_not_concern_it()
    {
        var folder = SweepFolder.Open(_sweep.Folder);
        folder.Stop();
        File.WriteAllText(_trial.StopPath, "");
        var before = DateTime.UtcNow.AddSeconds(-5);
        File.SetLastWriteTimeUtc(TrialPulse.SweepStopPath(_trial), before);
        File.SetLastWriteTimeUtc(_trial.StopPath, before);
        Assert.Equal(TrialState.Done, Sweep.RunTrial(_trial.Path, SweepFixture.Options, null, TestContext.Current.CancellationToken).State);

        var next = new TrialFolder(Path.Combine(_sweep.Folder, SweepFixture.Plan(1_000_000).Write(_sweep.Folder)[0]));
        Assert.Throws<OperationCanceledException>(() => Sweep.RunTrial(next.Path, SweepFixture.Options, _ => folder.Stop(), TestContext.Current.CancellationToken));
        Assert.Equal(TrialState.Stopped, Trial.Read(next).State);
    }

    [Fact]
    public void A_claim_of_another_host_is_taken_when_its_heartbeat_stays_the_same()
    {
        Leave(ProcessIdentity.Current with { Host = "elsewhere", Start = "0" });
        var watch = Watch(0.3);
        for (var beat = 0; beat < 5; beat++)
        {
            Beat(beat);
            Assert.Null(Claim.TryTake(_trial, watch));
            Thread.Sleep(100);
        }

        Assert.True(watch.IsAlive(_trial));
        Thread.Sleep(400);
        Assert.NotNull(Claim.TryTake(_trial, watch));
        Assert.Null(Claim.TryTake(_trial, Watch(0)));
    }

    [Fact]
    public void A_claim_that_was_being_written_when_its_writer_was_killed_does_not_hold_for_ever()
    {
        File.WriteAllText(_trial.ClaimPath(0), "");
        var watch = Watch(0.2);
        Assert.Null(Claim.TryTake(_trial, watch));
        Thread.Sleep(300);
        Assert.NotNull(Claim.TryTake(_trial, watch));
    }

    [Fact]
    public void Who_lost_a_claim_notices_and_is_cancelled()
    {
        var claim = Claim.TryTake(_trial, Watch())!;
        using var pulse = new TrialPulse(_trial, claim, CancellationToken.None);
        Leave(ProcessIdentity.Current, number: 1);
        Assert.True(claim.IsLost);
        Assert.True(pulse.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        Assert.Null(Claim.TryAdopt(_trial, claim.Token));
    }

    [Fact]
    public void A_trial_that_is_done_is_not_taken()
    {
        File.WriteAllBytes(_trial.DonePath, JsonSerializer.SerializeToUtf8Bytes(new TrialEnd(TrialState.Failed, "theirs"), ModelFile.Json));
        Assert.Null(Claim.TryTake(_trial, Watch()));
        File.WriteAllText(_trial.DonePath, "");
        Assert.NotNull(Claim.TryTake(_trial, Watch()));
    }

    [Fact]
    public void A_trial_that_runs_is_refused_with_its_owner()
    {
        Leave(ProcessIdentity.Current);
        var error = Assert.Throws<SlcException>(() => Sweep.RunTrial(_trial.Path, SweepFixture.Options, null, TestContext.Current.CancellationToken));
        Assert.Equal("TrialClaimed", error.ErrorId);
        Assert.Contains(FormattableString.Invariant($"{Environment.ProcessId}"), error.Message, StringComparison.Ordinal);
    }
}
