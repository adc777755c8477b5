using System.Management.Automation;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.PowerShell;

/// <summary>Gives mean, standard deviation and t-interval of the measures over seeds.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "SlcSummary")]
[OutputType(typeof(MetricsSummary))]
public sealed class MeasureSlcSummaryCommand : MetricsCommand
{
    /// <inheritdoc/>
    protected override void Process(IReadOnlyList<SlcMetrics> metrics)
    {
        var output = new GroupedOutput(this);
        foreach (var summary in MetricsSummary.Of(metrics, ConfidenceLevel))
            output.Write(summary);
        output.Complete();
    }
}
