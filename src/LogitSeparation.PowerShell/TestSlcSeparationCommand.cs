using System.Management.Automation;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.PowerShell;

/// <summary>Reports whether every true logit lies above every false logit (Definition 2.1).</summary>
[Cmdlet(VerbsDiagnostic.Test, "SlcSeparation", DefaultParameterSetName = ModelSet)]
[OutputType(typeof(SeparationReport), typeof(bool))]
public sealed class TestSlcSeparationCommand : LogitsCommand
{
    /// <summary>The number of violating pairs to name.</summary>
    [Parameter]
    [ValidateRange(0, Separation.LargestWitnessCount)]
    public int WitnessCount { get; set; } = 5;

    /// <summary>Report on each class by itself too.</summary>
    [Parameter]
    public SwitchParameter ByClass { get; set; }

    /// <summary>Give only true or false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void Process(Logits logits)
    {
        var report = Separation.Measure(logits, WitnessCount, ByClass, Cancellation);
        if (Quiet)
            WriteObject(ByClass ? report.HoldsByClass!.Value : report.Holds);
        else
            WriteObject(report);
    }
}
