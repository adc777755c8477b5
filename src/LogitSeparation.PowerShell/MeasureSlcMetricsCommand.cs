using System.Management.Automation;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Losses;

namespace LogitSeparation.PowerShell;

/// <summary>Gives the paper's measures of single logit classification.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "SlcMetrics", DefaultParameterSetName = ModelSet)]
[OutputType(typeof(SlcMetrics))]
public sealed class MeasureSlcMetricsCommand : LogitsCommand
{
    private GroupedOutput _output = null!;

    /// <summary>Recalls at which precision is measured, besides 0.9 and 0.99.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public double[] Recall { get; set; } = [0.9, 0.99];

    /// <summary>Add the row that normalises over all logits.</summary>
    [Parameter]
    public SwitchParameter AllLogits { get; set; }

    /// <summary>The number of bootstrap resamples to make intervals from; 0 for no intervals.</summary>
    [Parameter]
    public int Bootstrap { get; set; }

    /// <summary>The confidence level of the intervals.</summary>
    [Parameter]
    public double ConfidenceLevel { get; set; } = ConfidenceInterval.DefaultLevel;

    /// <summary>Decides the resamples.</summary>
    [Parameter]
    public int BootstrapSeed { get; set; }

    /// <inheritdoc/>
    protected override void Begin() => _output = new(this);

    /// <inheritdoc/>
    protected override void Process(Logits logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var options = new MetricsOptions { Recall = Recall, Bootstrap = Resampling };
        if (!AllLogits || !LossCatalog.IsAlsoNormalized(logits.Loss))
        {
            _output.Write(SlcMetrics.Measure(logits, options, Cancellation));
            return;
        }

        var (singleLogit, allLogits) = SlcMetrics.MeasureBoth(logits, options, Cancellation);
        _output.Write(singleLogit);
        _output.Write(allLogits);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _output.Complete();

    private protected override void BeforeError() => _output.Flush();

    private BootstrapOptions? Resampling => Bootstrap == 0
        ? null
        : new() { ReplicateCount = Bootstrap, Seed = BootstrapSeed, ConfidenceLevel = ConfidenceLevel };
}
