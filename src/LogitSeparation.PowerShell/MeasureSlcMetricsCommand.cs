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
    /// <summary>What the view with a column for other recalls goes by.</summary>
    private const string AtRecallType = "LogitSeparation.Core.Evaluation.SlcMetrics#AtRecall";

    private readonly SortedSet<string> _withoutRow = new(StringComparer.Ordinal);
    private GroupedOutput _output = null!;
    private bool _hasRow;

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
            if (AllLogits && logits.Loss is not null)
                _withoutRow.Add(logits.Loss);
            Write(SlcMetrics.Measure(logits, options, Cancellation));
            return;
        }

        var (singleLogit, allLogits) = SlcMetrics.MeasureBoth(logits, options, Cancellation);
        Write(singleLogit);
        Write(allLogits);
        _hasRow = true;
    }

    private void Write(SlcMetrics metrics)
    {
        if (metrics.Interval is not null && Metric.In(metrics).Select(metric => metric.Name).Except(metrics.Interval.Keys).ToArray() is { Length: > 0 } without)
        {
            WriteWarning($"{metrics.Loss ?? "The logits"}: no interval for {string.Join(", ", without)}: too few examples of each class, so that resampling " +
                "does not say how far others would move it (Get-Help Measure-SlcMetrics).");
        }

        if (metrics.PrecisionAtRecall.Keys.Any(recall => recall is not (0.9 or 0.99)))
            PSObject.AsPSObject(metrics).TypeNames.Insert(0, AtRecallType);
        _output.Write(metrics);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _output.Complete();
        if (_withoutRow.Count == 0)
            return;
        // Where there is a row that was asked for, the others have none as in the paper's table.
        var message = $"-AllLogits adds a row to CE alone, whose training normalises over all classes, and not to {string.Join(", ", _withoutRow)}.";
        if (_hasRow)
            WriteVerbose(message);
        else
            WriteWarning(message + " Logits that are imported without -Loss get one, whatever they were trained with.");
    }

    private protected override void BeforeError() => _output.Flush();

    private BootstrapOptions? Resampling => Bootstrap == 0
        ? null
        : new() { ReplicateCount = Bootstrap, Seed = BootstrapSeed, ConfidenceLevel = ConfidenceLevel };
}
