using System.Management.Automation;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.PowerShell;

/// <summary>Compares losses with a reference: relative improvement, its interval, a paired test, and a verdict in words.</summary>
[Cmdlet(VerbsData.Compare, "SlcLoss")]
[OutputType(typeof(LossComparison))]
public sealed class CompareSlcLossCommand : MetricsCommand
{
    private static readonly ComparisonOptions Defaults = new();

    /// <summary>The loss that the others are compared with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LossCompleter))]
    public string Reference { get; set; } = Defaults.Reference;

    /// <summary>The measures to compare by; the paper's four, as far as all results have them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MetricCompleter))]
    public string[] Metric { get; set; } = [];

    /// <summary>What the pairs are; seeds where two or more are common, and classes otherwise.</summary>
    [Parameter]
    [ValidateSet(nameof(Pairing.Seed), nameof(Pairing.Class))]
    public Pairing? Over { get; set; }

    /// <summary>The test; t over seeds and Wilcoxon's over classes.</summary>
    [Parameter]
    [NamedValue<TestKind>]
    public TestKind? Test { get; set; }

    /// <inheritdoc/>
    protected override void Process(IReadOnlyList<SlcMetrics> metrics) => WriteObject(LossComparer.Compare(metrics, new ComparisonOptions
    {
        Reference = Reference,
        Metric = Metric,
        Pairing = Over,
        Test = Test,
        ConfidenceLevel = ConfidenceLevel,
    }), enumerateCollection: true);
}
