using System.Runtime.CompilerServices;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.PowerShell;

/// <summary>
/// The measures that one command gave, so that the view can tell the best of them. Known beside the objects and not in them;
/// forgotten with them.
/// </summary>
internal sealed class MetricsGroup
{
    private static readonly ConditionalWeakTable<SlcMetrics, MetricsGroup> Groups = [];

    private readonly List<SlcMetrics> _members = [];
    private bool _isComplete;

    /// <summary>The others of the same command, data set and split; empty while the command still runs, as the best may be to come.</summary>
    /// <param name="metrics">One of them.</param>
    public static IReadOnlyList<SlcMetrics> Rivals(SlcMetrics metrics) =>
        Groups.TryGetValue(metrics, out var group) && group._isComplete
            ? [.. group._members.Where(other => other.Dataset == metrics.Dataset && other.Split == metrics.Split)]
            : [];

    /// <summary>Adds one.</summary>
    /// <param name="metrics">What was measured.</param>
    public void Add(SlcMetrics metrics)
    {
        _members.Add(metrics);
        Groups.Add(metrics, this);
    }

    /// <summary>Says that no more will come.</summary>
    public void Complete() => _isComplete = true;
}
