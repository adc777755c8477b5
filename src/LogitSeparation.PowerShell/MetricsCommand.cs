using System.Management.Automation;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.PowerShell;

/// <summary>A cmdlet that takes many results and says something about all of them together.</summary>
public abstract class MetricsCommand : SlcCommand
{
    private readonly List<SlcMetrics> _metrics = [];

    /// <summary>The results, or objects that have them in a property of this name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [MeasuresNeeded]
    public SlcMetrics[] Metrics { get; set; } = null!;

    /// <summary>The confidence level of the intervals.</summary>
    [Parameter]
    public double ConfidenceLevel { get; set; } = ConfidenceInterval.DefaultLevel;

    /// <inheritdoc/>
    protected sealed override void Process()
    {
        if (Metrics.Length == 0)
            WriteWarning("An object that has no measures yet, such as a trial that is not done, is left out.");
        _metrics.AddRange(Metrics);
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(() =>
    {
        if (_metrics.Count > 0)
            Process(_metrics);
    });

    /// <summary>Called once with all results.</summary>
    /// <param name="metrics">At least one.</param>
    protected abstract void Process(IReadOnlyList<SlcMetrics> metrics);
}
