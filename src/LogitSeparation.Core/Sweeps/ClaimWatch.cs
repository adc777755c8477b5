using System.Diagnostics;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// Judges by its own clock whether claims are alive: one whose process is gone from this host is not, nor is one whose heartbeat
/// has not changed since it was first seen as it is, for a span. No two machines' clocks are ever compared.
/// </summary>
/// <param name="span">The span.</param>
internal sealed class ClaimWatch(TimeSpan span)
{
    private readonly Dictionary<string, (string Seen, Stopwatch Since)> _seen = [];
    private readonly HashSet<string> _alive = [];

    /// <summary>The span of a sweep: many heartbeats, so that a machine that is short of time loses no trial.</summary>
    public static TimeSpan DefaultSpan { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a trial may be taken: it was never claimed, its owner let go, or its owner is no more.</summary>
    public bool IsFree(TrialFolder folder)
    {
        var number = folder.NewestClaim();
        if (number < 0)
            return true;
        var note = folder.ReadClaim(number);
        return note is { IsReleased: true } || note?.Owner?.IsGone == true || IsSilent(folder, number);
    }

    /// <summary>Whether a sign of life was seen since the first look at a trial, or its owner is a process of this host that runs.</summary>
    public bool IsAlive(TrialFolder folder) =>
        _alive.Contains(folder.Path) || folder.ReadClaim(folder.NewestClaim())?.Owner is { IsOnThisHost: true, IsGone: false };

    private bool IsSilent(TrialFolder folder, int number)
    {
        var now = $"{number} {ReadHeartbeat(folder)}";
        if (_seen.TryGetValue(folder.Path, out var before) && before.Seen == now)
            return before.Since.Elapsed >= span;
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
