using System.Diagnostics;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Training;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// Judges by its own clock whether claims are alive: one is not whose heartbeat has not changed since it was first seen as it is, for
/// a span; a short one where its process looks gone from this host, since a system may hide the processes of other users. No two
/// machines' clocks are ever compared. A process that was held up and still has the checkpoints open is alive.
/// </summary>
/// <param name="span">The span.</param>
/// <param name="goneSpan">The span where the process looks gone.</param>
internal sealed class ClaimWatch(TimeSpan span, TimeSpan goneSpan)
{
    private readonly Dictionary<string, (string Seen, Stopwatch Since)> _seen = [];
    private readonly HashSet<string> _alive = [];

    /// <summary>The span of a sweep: many heartbeats, so that a machine that is short of time loses no trial.</summary>
    public static TimeSpan DefaultSpan { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The span of a sweep where the owner looks gone: a few heartbeats.</summary>
    public static TimeSpan DefaultGoneSpan { get; } = 3 * TrialPulse.BeatInterval;

    /// <summary>Whether a trial may be taken: it was never claimed, its owner let go, or its owner is no more.</summary>
    public bool IsFree(TrialFolder folder)
    {
        var number = folder.NewestClaim();
        if (number < 0)
            return true;
        var note = folder.ReadClaim(number);
        if (note is { IsReleased: true })
            return true;
        return IsSilent(folder, number, note?.Owner?.IsGone == true ? goneSpan : span) && !CheckpointFolder.IsInUse(folder.CheckpointPath);
    }

    /// <summary>Whether a sign of life was seen since the first look at a trial, or its owner is a process of this host that runs.</summary>
    public bool IsAlive(TrialFolder folder) =>
        _alive.Contains(folder.Path) || folder.ReadClaim(folder.NewestClaim())?.Owner is { IsOnThisHost: true, IsGone: false };

    private bool IsSilent(TrialFolder folder, int number, TimeSpan patience)
    {
        var now = $"{number} {ReadHeartbeat(folder)}";
        if (_seen.TryGetValue(folder.Path, out var before) && before.Seen == now)
            return before.Since.Elapsed >= patience;
        if (before.Since is not null)
            _alive.Add(folder.Path);
        _seen[folder.Path] = (now, Stopwatch.StartNew());
        return false;
    }

    private static string ReadHeartbeat(TrialFolder folder)
    {
        try
        {
            return File.Exists(folder.HeartbeatPath) ? File.ReadAllText(folder.HeartbeatPath) : "";
        }
        catch (Exception exception) when (FileFailure.IsFileFailure(exception))
        {
            // Being written this moment, and so alive.
            return Guid.NewGuid().ToString();
        }
    }
}
