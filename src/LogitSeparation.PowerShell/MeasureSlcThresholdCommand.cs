using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.PowerShell;

/// <summary>Finds the threshold of a class's logit for the best F1, or for a precision or recall to reach.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "SlcThreshold", DefaultParameterSetName = ModelSet)]
[OutputType(typeof(ClassThreshold))]
public sealed class MeasureSlcThresholdCommand : LogitsCommand
{
    private ThresholdTarget _target = ThresholdTarget.F1;

    /// <summary>Creates the command. A threshold chosen on the test split would flatter itself.</summary>
    public MeasureSlcThresholdCommand() => Split = Split.Validation;

    /// <summary>The names of the classes.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string[] Class { get; set; } = ["*"];

    /// <summary>The precision to reach.</summary>
    [Parameter]
    public double? Precision { get; set; }

    /// <summary>The recall to reach.</summary>
    [Parameter]
    public double? Recall { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (Precision is not null && Recall is not null)
        {
            throw new SlcException("AmbiguousTarget", SlcErrorKind.InvalidArgument,
                "-Precision and -Recall are both given, and a threshold can be chosen for one of them: leave one out.", nameof(Recall));
        }

        _target = Precision is { } precision ? ThresholdTarget.Precision(precision)
            : Recall is { } recall ? ThresholdTarget.Recall(recall)
            : ThresholdTarget.F1;
    }

    /// <inheritdoc/>
    protected override void Process(Logits logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var names = logits.ClassNames.ToList();
        foreach (var name in NamePattern.Resolve(Class, names, "class", "UnknownClass"))
            Guard(() => WriteObject(Thresholds.Measure(logits, names.IndexOf(name), _target, Cancellation)));
    }
}
