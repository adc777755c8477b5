using System.Collections;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.PowerShell;

/// <summary>Completes the names of the measures.</summary>
public sealed class MetricCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters) =>
        Metric.All.Select(metric => (metric.Name, metric.Title));
}
