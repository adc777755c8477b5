using System.Management.Automation;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.PowerShell;

/// <summary>Lets a model carry thresholds, which are saved with it.</summary>
[Cmdlet(VerbsCommon.Set, "SlcThreshold", SupportsShouldProcess = true)]
[OutputType(typeof(Model))]
public sealed class SetSlcThresholdCommand : SlcCommand
{
    private readonly List<ClassThreshold> _thresholds = [];

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public Model Model { get; set; } = null!;

    /// <summary>The thresholds.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public ClassThreshold[] Threshold { get; set; } = [];

    /// <summary>Give the model back.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process() => _thresholds.AddRange(Threshold);

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(Keep);

    private void Keep()
    {
        if (ShouldProcess($"{Model}", $"Keep {(_thresholds.Count == 1 ? "a threshold" : $"{_thresholds.Count} thresholds")}"))
            Model.Keep(_thresholds.Select(threshold => threshold.ToKept()));
        if (PassThru)
            WriteObject(Model);
    }
}
