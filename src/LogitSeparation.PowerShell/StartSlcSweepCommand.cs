using System.Collections;
using System.Management.Automation;
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
        var options = new SweepOptions
        {
            Device = Device,
            ThrottleLimit = ThrottleLimit,
            CheckpointEvery = CheckpointEvery,
            StartProcess = ThrottleLimit > 0 ? output.StartProcess(Device, CheckpointEvery) : null,
        };
        if (IsWhatIf())
            Preview(plan, path, options);
        else if (CreateOnly && ShouldProcess(path, $"Create {plan.Trials().Count} trials"))
            WriteObject(Sweep.Create(plan, path), enumerateCollection: true);
        else if (!CreateOnly && ShouldProcess(path, $"Run {plan.Trials().Count} trials"))
            output.Write(report => Sweep.Start(plan, path, options, report, Cancellation));
    }

    private void Preview(SweepPlan plan, string path, SweepOptions options)
    {
        var trials = Sweep.Preview(plan, path, options with { Dataset = plan.Dataset }, Cancellation);
        WriteObject(trials, enumerateCollection: true);
        var total = TimeSpan.FromSeconds(trials.Sum(trial => trial.Estimate!.Value.TotalSeconds));
        ShouldProcess(path, $"Run {trials.Count} trials, which takes about {Describe(total)} on this machine");
    }

    private static string Describe(TimeSpan time) => time switch
    {
        { TotalHours: >= 2 } => FormattableString.Invariant($"{time.TotalHours:f1} hours"),
        { TotalMinutes: >= 2 } => FormattableString.Invariant($"{time.TotalMinutes:f0} minutes"),
        _ => FormattableString.Invariant($"{time.TotalSeconds:f0} seconds"),
    };

    private bool IsWhatIf() => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var asked)
        ? LanguagePrimitives.IsTrue(asked)
        : LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

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
