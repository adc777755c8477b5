using System.Management.Automation;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.PowerShell;

/// <summary>Gives the value of losses on logits, the whole table taken as one batch.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "SlcLoss", DefaultParameterSetName = ModelSet)]
[OutputType(typeof(LossMeasurement))]
public sealed class MeasureSlcLossCommand : LogitsCommand, IDynamicParameters
{
    private readonly LossParameters _lossParameters = new();
    private IReadOnlyList<string> _losses = [];
    private LossOptions _lossOptions = new();

    /// <summary>The losses.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LossCompleter))]
    public LossArgument[] Loss { get; set; } = [new("*")];

    /// <summary>The user's own assembly that losses come from.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AssemblyPath { get; set; }

    /// <summary>The number of training examples of each class; as among the table's labels where not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[]? ClassFrequency { get; set; }

    /// <summary>The hyperparameters of the losses.</summary>
    public object GetDynamicParameters() => _lossParameters;

    /// <inheritdoc/>
    protected override void Begin()
    {
        var losses = LossNames.Resolve(Loss, AssemblyPath is null ? null : UserAssembly.Load(FilePaths.Resolve(this, AssemblyPath)));
        _losses = losses.Names;
        _lossOptions = _lossParameters.ToOptions() with { Own = losses.Own };
    }

    /// <inheritdoc/>
    protected override void Process(Logits logits)
    {
        foreach (var loss in _losses)
        {
            Cancellation.ThrowIfCancellationRequested();
            WriteObject(LossMeasurement.Measure(logits, loss, _lossOptions, ClassFrequency, Device));
        }
    }
}
