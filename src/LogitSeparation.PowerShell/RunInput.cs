using System.Management.Automation;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>
/// What was piped in to be plotted or reported, in order. Points of a history that come one after the other, as objects or as rows of a
/// CSV file, are one history; trials that are not done have nothing to say and are left out.
/// </summary>
/// <param name="warn">Says what is left out.</param>
internal sealed class RunInput(Action<string> warn)
{
    /// <summary>Models, logits, measures, trials that are done, histories, and other objects.</summary>
    public List<object> Items { get; } = [];

    /// <summary>Takes an object.</summary>
    public void Add(PSObject item)
    {
        if (item.BaseObject is HistoryPoint or PSCustomObject && RunProperties.ReadPoint(item) is { } point)
            AddPoint(point);
        else if (item.BaseObject is Trial { State: not TrialState.Done } trial)
            warn($"{trial} is left out: only a trial that is done has a model and measures.");
        else
            Items.Add(item.BaseObject is PSCustomObject ? item : item.BaseObject);
    }

    // The next run's history begins where steps do not rise.
    private void AddPoint(HistoryPoint point)
    {
        if (Items.Count > 0 && Items[^1] is List<HistoryPoint> history && history[^1].Step < point.Step)
            history.Add(point);
        else
            Items.Add(new List<HistoryPoint> { point });
    }
}
