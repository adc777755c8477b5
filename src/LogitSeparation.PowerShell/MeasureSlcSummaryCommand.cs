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
    protected override void Process(IReadOnlyList<SlcMetrics> metrics) =>
        WriteObject(MetricsSummary.Of(metrics, ConfidenceLevel), enumerateCollection: true);
}
