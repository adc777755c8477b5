using System.Globalization;
using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Latency;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Reports;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>
/// A cmdlet that gathers what is piped in (models, trials, logits, measures, separation reports, histories, or objects with properties of
/// those names, such as rows of a CSV file) and makes one file of all.
/// </summary>
public abstract class RunCommand : SlcCommand
{
    private RunInput? _input;

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
    [NamedValue<Split>]
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

    private List<object> Items => _input?.Items ?? [];

    /// <inheritdoc/>
    protected override void Process() => (_input ??= new(WriteWarning)).Add(InputObject);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(() =>
    {
        // Before minutes of measuring, rather than after.
        TargetFile.Check(FilePaths.Resolve(this, Path), NoClobber, Force);
        if (_input is { Items.Count: 0 })
        {
            throw new SlcException("InputMissing", SlcErrorKind.InvalidArgument,
                "None of the trials that were piped in is done, so there is nothing to show. Get-SlcTrial says how far they are.", nameof(InputObject));
        }

        Finish();
    });

    /// <summary>Makes the file; called once, when all input is there.</summary>
    private protected abstract void Finish();

    /// <summary>The logits of all that was piped in, one after the other: a model's are computed when they are asked for, and not kept.</summary>
    /// <exception cref="SlcException"><c>InputUnsuitable</c>.</exception>
    private protected IEnumerable<Logits> Tables() => Items.Select(item => Table(item) ?? throw Unsuitable(item, "a model or logits"));

    /// <summary>Whether measurements of time were piped in.</summary>
    private protected bool HasLatencies => Items.Count > 0 && Items.All(item => item is LatencyMeasure);

    /// <summary>The measurements of time that were piped in, as they are or as rows of a CSV file.</summary>
    /// <exception cref="SlcException"><c>InputUnsuitable</c>.</exception>
    private protected IReadOnlyList<LatencyMeasure> Latencies() => [.. Items.Select(item => LatencyProperties.Read(PSObject.AsPSObject(item))
        ?? throw Unsuitable(item, "a measurement of Measure-SlcLatency, or an object with Method, ClassCount and Nanoseconds"))];

    /// <summary>What is known of each item; measured where it is a model or logits.</summary>
    /// <param name="metrics">The measures that are needed; null for none.</param>
    /// <param name="separation">Whether the margin is needed.</param>
    /// <param name="allLogits">Whether CE gets a second row, over all logits.</param>
    /// <param name="use">Is shown each table that was measured, and its measures; the table is not kept.</param>
    private protected IReadOnlyList<RunResult> Runs(
        MetricsOptions? metrics, bool separation, bool allLogits = false, Action<Logits, SlcMetrics>? use = null) =>
        [.. Items.SelectMany(item => Describe(item, metrics, separation, allLogits, use))];

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
        Trial trial => Table(trial.ReadModel()),
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
            case List<HistoryPoint> history:
                return [new RunResult { History = history.ToArray() }];
            case Trial trial:
                return Describe(trial, metrics, separation);
            case Model or Logits:
                return Measure(item, metrics, separation, allLogits, use);
            default:
                return [RunProperties.Read(PSObject.AsPSObject(item)) ?? throw Unsuitable(item, "a model, logits, measures, or an object with properties such as Loss and Auprc")];
        }
    }

    // A trial's measures are there already, one row for each score; only a margin has to be measured anew.
    private List<RunResult> Describe(Trial trial, MetricsOptions? metrics, bool separation)
    {
        var model = trial.ReadModel();
        if (metrics is null && (!separation || trial.Separation is null || Split != Split.Test))
            return Measure(model, null, separation, allLogits: false, use: null);
        var run = RunResults.Describe(model);
        if (metrics is null)
            return [RunResults.Add(run with { Split = Split.Test }, trial.Separation)];
        // The separation is of single logits, as everywhere.
        return trial.Metrics.Count == 0 ? [run] : [.. trial.Metrics.Select(measured => RunResults.Add(
            RunResults.Add(run, measured), measured.Score == MetricsScore.SingleLogit ? trial.Separation : null))];
    }

    private List<RunResult> Measure(object item, MetricsOptions? metrics, bool separation, bool allLogits, Action<Logits, SlcMetrics>? use)
    {
        var run = item is Model model ? RunResults.Describe(model) : RunResults.Describe((Logits)item);
        if (metrics is null && !separation)
            return [run];
        var table = Table(item)!;
        if (metrics is null)
            return [RunResults.Add(run, Separation.Measure(table, witnessCount: 0, cancellationToken: Cancellation))];
        var measured = LogitEvaluation.Measure(table, metrics, witnessCount: 0, allLogits && LossCatalog.IsAlsoNormalized(table.Loss), Cancellation);
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
