using System.Text.Json;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Sweeps;
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

    private static ClaimWatch Watch(double seconds = 60) => new(TimeSpan.FromSeconds(seconds));

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
    public void A_claim_whose_process_is_gone_is_taken_at_once()
    {
        // No process has this number and this start.
        Leave(ProcessIdentity.Current with { Start = "0" });
        Assert.NotNull(Claim.TryTake(_trial, Watch()));
        Assert.True(File.Exists(_trial.ClaimPath(1)));
    }

    [Fact]
    public void A_claim_of_another_host_is_taken_when_its_heartbeat_stays_the_same()
    {
        Leave(ProcessIdentity.Current with { Host = "elsewhere", Start = "0" });
        var watch = Watch(0.3);
        for (var beat = 0; beat < 5; beat++)
        {
            File.WriteAllText(_trial.HeartbeatPath, $"theirs {beat}");
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
        File.WriteAllText(_trial.DonePath, "{}");
        Assert.Null(Claim.TryTake(_trial, Watch()));
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
