using System.Globalization;
using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Reports;

namespace LogitSeparation.PowerShell;

/// <summary>
/// A cmdlet that gathers what is piped in (models, logits, measures, separation reports, or objects with properties of those
/// names, such as trials and rows of a CSV file) and makes one file of all.
/// </summary>
public abstract class RunCommand : SlcCommand
{
    private readonly List<object> _items = [];

    /// <summary>Models, logits, measures, or objects with properties of their names.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The split of the data set on which models are measured.</summary>
    [Parameter]
    public Split Split { get; set; } = Split.Test;

    /// <summary>The device on which models are measured.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    /// <summary>Do not download a data set that is not on this machine.</summary>
    [Parameter]
    public SwitchParameter NoDownload { get; set; }

    /// <summary>Refuse to replace a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Replace a file even where it is read-only, and make missing folders.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Open the file with the program that the system has for it.</summary>
    [Parameter]
    public SwitchParameter Show { get; set; }

    /// <summary>Hand on the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process() => _items.Add(InputObject.BaseObject is PSCustomObject ? InputObject : InputObject.BaseObject);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(Finish);

    /// <summary>Makes the file; called once, when all input is there.</summary>
    private protected abstract void Finish();

    /// <summary>Whether logits can be had of all that was piped in.</summary>
    private protected bool HasTables => _items.TrueForAll(item => item is Logits or Model);

    /// <summary>The logits of all that was piped in, one after the other: a model's are computed when they are asked for, and not kept.</summary>
    /// <exception cref="SlcException"><c>InputUnsuitable</c>.</exception>
    private protected IEnumerable<Logits> Tables() => _items.Select(item => Table(item) ?? throw Unsuitable(item, "a model or logits"));

    /// <summary>What is known of each item; measured where it is a model or logits, each in one pass.</summary>
    /// <param name="metrics">The measures that are needed; null for none.</param>
    /// <param name="separation">Whether the margin is needed.</param>
    /// <param name="allLogits">Whether CE gets a second row, over all logits.</param>
    /// <param name="use">Is shown each table that was measured, and its measures; the table is not kept.</param>
    private protected IReadOnlyList<RunResult> Runs(
        MetricsOptions? metrics, bool separation, bool allLogits = false, Action<Logits, SlcMetrics>? use = null) =>
        [.. _items.SelectMany(item => Describe(item, metrics, separation, allLogits, use))];

    /// <summary>Writes the file, where the user agrees; shows it and hands it on.</summary>
    /// <param name="what">What is written.</param>
    /// <param name="write">Writes it.</param>
    private protected void Export(string what, Action<string> write)
    {
        var path = FilePaths.Resolve(this, Path);
        if (!ShouldProcess(path, $"Write {what}"))
            return;
        TargetFile.Prepare(path, NoClobber, Force);
        write(path);
        if (Show)
            TargetFile.Open(path);
        if (PassThru)
            WriteObject(new FileInfo(path));
    }

    private Logits? Table(object item) => item switch
    {
        Logits logits => logits,
        Model model => Table(model),
        _ => null,
    };

    private Logits Table(Model model) =>
        ModelTable.Compute(model, ModelTable.OpenDataset(this, model, NoDownload, Cancellation), Split, Device, Cancellation);

    private List<RunResult> Describe(object item, MetricsOptions? metrics, bool separation, bool allLogits, Action<Logits, SlcMetrics>? use)
    {
        switch (item)
        {
            case SlcMetrics measured:
                return [RunResults.Add(new RunResult(), measured)];
            case SeparationReport report:
                return [RunResults.Add(new RunResult(), report)];
            case RunResult run:
                return [run];
            case Model or Logits:
                return Measure(item, metrics, separation, allLogits, use);
            default:
                return [RunProperties.Read(PSObject.AsPSObject(item)) ?? throw Unsuitable(item, "a model, logits, measures, or an object with properties such as Loss and Auprc")];
        }
    }

    private List<RunResult> Measure(object item, MetricsOptions? metrics, bool separation, bool allLogits, Action<Logits, SlcMetrics>? use)
    {
        var run = item is Model model ? RunResults.Describe(model) : RunResults.Describe((Logits)item);
        if (metrics is null && !separation)
            return [run];
        var table = Table(item)!;
        if (metrics is null)
            return [RunResults.Add(run, Separation.Measure(table, witnessCount: 0, Cancellation))];
        var measured = LogitEvaluation.Measure(table, metrics, witnessCount: 0, allLogits && table.Loss is (null or "CE"), Cancellation);
        use?.Invoke(table, measured.Metrics);
        var single = RunResults.Add(run, measured.Metrics);
        if (separation)
            single = RunResults.Add(single, measured.Separation);
        return measured.AllLogits is null ? [single] : [single, RunResults.Add(run, measured.AllLogits)];
    }

    private static SlcException Unsuitable(object item, string expected) =>
        new("InputUnsuitable", SlcErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
            $"'{item}' ({item.GetType().Name}) was piped in, and {expected} is needed here."), item);
}
