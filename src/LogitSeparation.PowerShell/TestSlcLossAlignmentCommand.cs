using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Principle;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.PowerShell;

/// <summary>Tests whether small values of losses guarantee the Principle of Logit Separation, and how small they have to be.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SlcLossAlignment")]
[OutputType(typeof(LossAlignment))]
public sealed class TestSlcLossAlignmentCommand : SlcCommand, IDynamicParameters
{
    private static readonly AlignmentRequest Defaults = new();

    private readonly LossParameters _lossParameters = new();
    private IReadOnlyList<string> _losses = [];
    private AlignmentRequest _request = Defaults;

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

    /// <summary>The number of examples of a batch.</summary>
    [Parameter]
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <summary>The number of classes.</summary>
    [Parameter]
    public int ClassCount { get; set; } = Defaults.ClassCount;

    /// <summary>The number of examples of the sample that batches are drawn from.</summary>
    [Parameter]
    public int? ExampleCount { get; set; }

    /// <summary>The class of each example.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[]? Label { get; set; }

    /// <summary>The number of training examples of each class.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[]? ClassFrequency { get; set; }

    /// <summary>The data set whose training split says how frequent the classes are.</summary>
    [Parameter(ValueFromPipeline = true)]
    public Dataset? Dataset { get; set; }

    /// <summary>The excess over the infimum that counterexamples have to be below.</summary>
    [Parameter]
    public double Below { get; set; } = Defaults.Below;

    /// <summary>Search for violating logits with a small loss as well.</summary>
    [Parameter]
    public SwitchParameter Search { get; set; }

    /// <summary>The hyperparameters of the losses.</summary>
    public object GetDynamicParameters() => _lossParameters;

    /// <inheritdoc/>
    protected override void Begin()
    {
        var losses = LossNames.Resolve(Loss, AssemblyPath is null ? null : UserAssembly.Load(FilePaths.Resolve(this, AssemblyPath)));
        _losses = losses.Names;
        _request = new()
        {
            Options = _lossParameters.ToOptions() with { Own = losses.Own },
            BatchSize = IsBound(nameof(BatchSize)) || Label is null || ExampleCount is not null ? BatchSize : Label.Length,
            ExampleCount = ExampleCount,
            Labels = Label,
            Below = Below,
            Search = Search,
        };
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Dataset is not null && ClassFrequency is not null)
        {
            throw new SlcException("ClassFrequencyTwice", SlcErrorKind.InvalidArgument,
                $"-ClassFrequency and the data set {Dataset} both say how frequent the classes are: give one of them.", Dataset);
        }

        var counts = Dataset is null ? ClassFrequency : Dataset.Train.CountClasses();
        var request = _request with
        {
            ClassCounts = counts,
            ClassCount = counts is null || IsBound(nameof(ClassCount)) ? ClassCount : counts.Length,
        };
        foreach (var loss in _losses)
        {
            Cancellation.ThrowIfCancellationRequested();
            WriteObject(AlignmentTest.Run(loss, request, Cancellation));
        }
    }

    private bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
