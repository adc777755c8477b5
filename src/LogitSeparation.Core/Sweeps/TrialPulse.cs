using System.Globalization;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// Runs beside a trial: shows that it is alive, and cancels it where its sweep or the trial itself is asked to stop, its claim was
/// lost, or the process that started this one is gone.
/// </summary>
internal sealed class TrialPulse : IDisposable
{
    /// <summary>The environment variable with the process that started this one: its number and start.</summary>
    public const string StarterVariable = "SLC_STARTER";

    private const int IntervalsPerBeat = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly TrialFolder _folder;
    private readonly Claim _claim;
    private readonly CancellationTokenSource _source;
    private readonly ProcessIdentity? _starter = FindStarter();
    private readonly Timer _timer;
    private readonly object _gate = new();
    private long _ticks;
    private string _status = "";

    /// <summary>Begins.</summary>
    /// <param name="folder">The trial.</param>
    /// <param name="claim">Its claim.</param>
    /// <param name="cancellation">Stops the trial too.</param>
    public TrialPulse(TrialFolder folder, Claim claim, CancellationToken cancellation)
    {
        (_folder, _claim) = (folder, claim);
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        claim.Beat(0, _status);
        _timer = new(_ => Tick(), null, Interval, Interval);
    }

    /// <summary>The time between two heartbeats.</summary>
    public static TimeSpan BeatInterval => IntervalsPerBeat * Interval;

    /// <summary>Cancelled when the trial is to stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The file that stops all of a sweep.</summary>
    public static string SweepStopPath(TrialFolder folder) => Path.Combine(Path.GetDirectoryName(folder.Path)!, SweepFolder.StopName);

    /// <summary>Says how far the trial is; shown with the next beat.</summary>
    public void Report(string status) => Volatile.Write(ref _status, status);

    /// <inheritdoc/>
    public void Dispose()
    {
        // No beat may come after this: the folder may be another's then.
        using (var ended = new ManualResetEvent(false))
        {
            if (_timer.Dispose(ended))
                ended.WaitOne();
        }

        _source.Dispose();
    }

    private void Tick()
    {
        // A slow disk must not pile up ticks.
        if (!Monitor.TryEnter(_gate))
            return;
        try
        {
            var isBeat = ++_ticks % IntervalsPerBeat == 0;
            var isToStop = _claim.IsStoppedBy(_folder.StopPath) || _claim.IsStoppedBy(SweepStopPath(_folder))
                || (isBeat && (_claim.IsLost || _starter is { IsGone: true }));
            if (isToStop)
                _source.Cancel();
            if (isBeat && !_claim.IsLost)
                _claim.Beat(_ticks, Volatile.Read(ref _status));
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            // The folder was removed or closed meanwhile; the trial itself will say so.
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    private static ProcessIdentity? FindStarter()
    {
        var parts = Environment.GetEnvironmentVariable(StarterVariable)?.Split(' ', 2);
        return parts is { Length: 2 } && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            ? ProcessIdentity.Current with { Process = process, Start = parts[1] }
            : null;
    }
}
