using System.Diagnostics;
using System.Management.Automation;

namespace LogitSeparation.PowerShell;

/// <summary>
/// A progress line that stays out of the way: it appears only where the work takes more than a second, changes at most five
/// times a second, and is always taken away again.
/// </summary>
internal sealed class ProgressLine(Cmdlet cmdlet, string activity) : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.2);
    private static int _lastId;

    private readonly int _id = Interlocked.Increment(ref _lastId);
    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
    private TimeSpan? _lastShown;

    /// <summary>Says how far the work is.</summary>
    /// <param name="status">A short text.</param>
    /// <param name="share">The part that is done, 0 to 1; null where that is not known.</param>
    /// <param name="remaining">The time left; null where that is not known.</param>
    public void Report(string status, double? share, TimeSpan? remaining = null)
    {
        var now = _sinceStart.Elapsed;
        if (now < Delay || now - _lastShown < Interval)
            return;
        _lastShown = now;
        cmdlet.WriteProgress(new ProgressRecord(_id, activity, status)
        {
            PercentComplete = share is { } part && double.IsFinite(part) ? (int)(100 * Math.Clamp(part, 0, 1)) : -1,
            SecondsRemaining = remaining is { TotalSeconds: < int.MaxValue } left ? (int)left.TotalSeconds : -1,
        });
    }

    public void Dispose()
    {
        if (_lastShown is null)
            return;
        try
        {
            cmdlet.WriteProgress(new ProgressRecord(_id, activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
        catch (PipelineStoppedException)
        {
            // The host itself clears the progress of a stopped pipeline.
        }
    }
}
