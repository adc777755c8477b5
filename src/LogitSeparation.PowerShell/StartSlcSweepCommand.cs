using System.Collections;
using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>Trains every combination of data sets, losses, learning rates, seeds and other parameters, in a folder.</summary>
[Cmdlet(VerbsLifecycle.Start, "SlcSweep", SupportsShouldProcess = true)]
[OutputType(typeof(Trial))]
public sealed class StartSlcSweepCommand : TrainingCommand
{
    private readonly List<Dataset> _datasets = [];

    /// <summary>The folder.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The data sets.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [DatasetName]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public Dataset[] Dataset { get; set; } = [];

    /// <summary>The seeds.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[] Seed { get; set; } = [0];

    /// <summary>Values of other parameters, by name.</summary>
    [Parameter]
    public Hashtable Parameter { get; set; } = [];

    /// <summary>The number of processes to run trials in.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; }

    /// <summary>Do not download data sets that are not on this machine.</summary>
    [Parameter]
    public SwitchParameter NoDownload { get; set; }

    /// <summary>Write TensorBoard's event files into the trials' folders.</summary>
    [Parameter]
    public SwitchParameter TensorBoard { get; set; }

    /// <summary>Make the trials' folders and run none.</summary>
    [Parameter]
    public SwitchParameter CreateOnly { get; set; }

    /// <inheritdoc/>
    protected override void Process() => _datasets.AddRange(Dataset);

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(Run);

    private void Run()
    {
        if (LossNames.Count == 0)
            return;
        var path = FilePaths.Resolve(this, Path);
        var output = new SweepOutput(this, path);
        var plan = new SweepPlan
        {
            Dataset = _datasets.ToArray(),
            Loss = LossNames,
            LearningRate = LearningRate,
            Seed = Seed,
            Training = Options(),
            LossOptions = LossOptions,
            Parameter = Parameter.Keys.Cast<object>().ToDictionary(key => key.ToString()!, key => (IReadOnlyList<object>)Values(Parameter[key])),
        };
        var options = output.WithProcesses(new()
        {
            Device = Device,
            ThrottleLimit = ThrottleLimit,
            CheckpointEvery = CheckpointEvery,
            NoDownload = NoDownload,
            TensorBoard = TensorBoard,
        });
        var count = plan.Trials().Count;
        RefuseTwice();
        if (output.IsWhatIf)
            output.Preview(Sweep.Preview(plan, path, options with { Dataset = plan.Dataset }, Cancellation), options);
        else if (CreateOnly && ShouldProcess(path, $"Create {count} trials"))
            WriteObject(Sweep.Create(plan, path), enumerateCollection: true);
        else if (!CreateOnly && ShouldProcess(path, $"Run {count} trials"))
            output.Write(report => Sweep.Start(plan, path, options, report, Cancellation));
    }

    // One would win, and which the user could not see.
    private void RefuseTwice()
    {
        foreach (var name in Parameter.Keys.Cast<object>().Select(key => key.ToString()!))
        {
            var parameter = name.Equals("StepCount", StringComparison.OrdinalIgnoreCase) ? nameof(Step) : name;
            if (MyInvocation.BoundParameters.ContainsKey(parameter))
            {
                throw new SlcException("ParameterGivenTwice", SlcErrorKind.InvalidArgument,
                    $"-{parameter} is given, and -Parameter has {name} too. Give all its values in -Parameter, or one as -{parameter}.", name);
            }
        }
    }

    // One value or several; PowerShell wraps what comes out of a pipeline.
    private static object[] Values(object? given) => Unwrap(given) switch
    {
        null => [],
        object[] several => several,
        var one => [one],
    };

    private static object? Unwrap(object? given) => given switch
    {
        PSObject wrapped => Unwrap(wrapped.BaseObject),
        string => given,
        IEnumerable items => items.Cast<object?>().Select(Unwrap).ToArray(),
        _ => given,
    };
}
