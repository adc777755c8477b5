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
    private readonly Dictionary<Model, Logits> _tables = new(ReferenceEqualityComparer.Instance);

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

    /// <summary>The logits of all that was piped in.</summary>
    /// <exception cref="SlcException"><c>InputUnsuitable</c>.</exception>
    private protected IReadOnlyList<Logits> Tables() => [.. _items.Select(item => Table(item) ?? throw Unsuitable(item, "a model or logits"))];

    /// <summary>What is known of each item; measured where it is a model or logits.</summary>
    /// <param name="metrics">Whether measures are needed.</param>
    /// <param name="separation">Whether the margin is needed.</param>
    /// <param name="allLogits">Whether CE gets a second row, over all logits.</param>
    private protected IReadOnlyList<RunResult> Runs(bool metrics, bool separation, bool allLogits = false) =>
        [.. _items.SelectMany(item => Describe(item, metrics, separation, allLogits))];

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

    private Logits Table(Model model)
    {
        if (!_tables.TryGetValue(model, out var table))
            _tables[model] = table = ModelTable.Compute(model, ModelTable.OpenDataset(this, model, Cancellation), Split, Device, Cancellation);
        return table;
    }

    private List<RunResult> Describe(object item, bool metrics, bool separation, bool allLogits)
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
                return Measure(item, metrics, separation, allLogits);
            default:
                return [RunProperties.Read(PSObject.AsPSObject(item)) ?? throw Unsuitable(item, "a model, logits, measures, or an object with properties such as Loss and Auprc")];
        }
    }

    private List<RunResult> Measure(object item, bool metrics, bool separation, bool allLogits)
    {
        var run = item is Model model ? RunResults.Describe(model) : RunResults.Describe((Logits)item);
        if (!metrics && !separation)
            return [run];
        var table = Table(item)!;
        if (separation)
            run = RunResults.Add(run, Separation.Measure(table, witnessCount: 0, Cancellation));
        if (!metrics)
            return [run];
        var runs = new List<RunResult> { RunResults.Add(run, SlcMetrics.Measure(table, null, Cancellation)) };
        if (allLogits && (table.Loss is null or "CE"))
        {
            var all = SlcMetrics.Measure(table, new MetricsOptions { Score = MetricsScore.AllLogits }, Cancellation);
            runs.Add(RunResults.Add(run with { Margin = null, ViolatingShare = null }, all));
        }

        return runs;
    }

    private static SlcException Unsuitable(object item, string expected) =>
        new("InputUnsuitable", SlcErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
            $"'{item}' ({item.GetType().Name}) was piped in, and {expected} is needed here."), item);
}
