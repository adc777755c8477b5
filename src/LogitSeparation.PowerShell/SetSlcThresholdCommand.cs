using System.Management.Automation;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Lets a model carry thresholds, which are saved with it.</summary>
[Cmdlet(VerbsCommon.Set, "SlcThreshold", SupportsShouldProcess = true, DefaultParameterSetName = ThresholdSet)]
[OutputType(typeof(Model))]
public sealed class SetSlcThresholdCommand : SlcCommand
{
    private const string ThresholdSet = "Threshold";
    private const string ValueSet = "Value";

    private readonly List<KeptThreshold> _thresholds = [];

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public Model Model { get; set; } = null!;

    /// <summary>The thresholds.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = ThresholdSet)]
    [ValidateNotNullOrEmpty]
    [KeptThreshold]
    public KeptThreshold[] Threshold { get; set; } = [];

    /// <summary>A threshold that was set by hand.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ValueSet)]
    public double Value { get; set; }

    /// <summary>The names of the classes that it is for; without them all that have none of their own.</summary>
    [Parameter(ParameterSetName = ValueSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string[]? Class { get; set; }

    /// <summary>Give the model back.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process() => _thresholds.AddRange(ParameterSetName == ValueSet ? ByHand() : Threshold);

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(Keep);

    private IEnumerable<KeptThreshold> ByHand() => Class is null
        ? [new(null, Value, "by hand")]
        : NamePattern.Resolve(Class, Model.ClassNames, "class", "UnknownClass").Select(ByHand);

    // What the class's logit says in probabilities does not depend on the threshold.
    private KeptThreshold ByHand(string name) => new(name, Value, "by hand") { Calibration = Model.FindKept(name)?.Calibration };

    private void Keep()
    {
        if (_thresholds.Count > 0
            && ShouldProcess($"{Model}", $"Keep {(_thresholds.Count == 1 ? "a threshold" : $"{_thresholds.Count} thresholds")}"))
            Model.Keep(_thresholds);
        if (PassThru)
            WriteObject(Model);
    }
}
