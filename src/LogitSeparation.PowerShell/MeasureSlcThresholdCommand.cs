using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.PowerShell;

/// <summary>Finds the threshold of a class's logit for the best F1, for a precision or recall to reach, or for the least cost.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "SlcThreshold", DefaultParameterSetName = ModelSet)]
[OutputType(typeof(ClassThreshold))]
public sealed class MeasureSlcThresholdCommand : LogitsCommand
{
    private ThresholdOptions _options = new();

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

    /// <summary>What an example selected wrongly costs, where a missed one costs 1.</summary>
    [Parameter]
    public double? CostRatio { get; set; }

    /// <summary>The probability with which the precision or recall is to hold on new examples.</summary>
    [Parameter]
    public double? Confidence { get; set; }

    /// <summary>The share of the class among the examples that will be asked about.</summary>
    [Parameter]
    public double? Prevalence { get; set; }

    /// <summary>How the class's logits are made probabilities.</summary>
    [Parameter]
    [NamedValue<CalibrationMethod>]
    public CalibrationMethod Calibration { get; set; } = CalibrationMethod.Platt;

    /// <summary>Choose one threshold for all classes.</summary>
    [Parameter]
    public SwitchParameter Uniform { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        string[] given = [.. Given(Precision, nameof(Precision)), .. Given(Recall, nameof(Recall)), .. Given(CostRatio, nameof(CostRatio))];
        if (given.Length > 1)
        {
            throw new SlcException("AmbiguousTarget", SlcErrorKind.InvalidArgument,
                $"-{string.Join(" and -", given)} are all given, and a threshold can be chosen for one of them: leave the others out.", given[1]);
        }

        if (Uniform && MyInvocation.BoundParameters.ContainsKey(nameof(Class)))
        {
            throw new SlcException("AmbiguousTarget", SlcErrorKind.InvalidArgument,
                "-Uniform chooses one threshold for all classes, and -Class names some: leave one out.", nameof(Class));
        }

        if (Uniform && MyInvocation.BoundParameters.ContainsKey(nameof(Calibration)) && Calibration != CalibrationMethod.None)
        {
            throw new SlcException("CalibrationOfAllClasses", SlcErrorKind.InvalidArgument,
                "-Calibration says what the logits of one class mean, and one threshold for all classes (-Uniform) has none: leave one out.", nameof(Calibration));
        }

        var target = Precision is { } precision ? ThresholdTarget.Precision(precision)
            : Recall is { } recall ? ThresholdTarget.Recall(recall)
            : CostRatio is { } ratio ? ThresholdTarget.Cost(ratio)
            : ThresholdTarget.F1;
        _options = new() { Target = target, Confidence = Confidence, Prevalence = Prevalence, Calibration = Calibration };
    }

    /// <inheritdoc/>
    protected override void Process(Logits logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (Uniform)
        {
            WriteObject(ThresholdSearch.MeasureUniform(logits, _options, Cancellation));
            return;
        }

        var names = logits.ClassNames;
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var j = 0; j < names.Count; j++)
            columns.TryAdd(names[j], j);
        var classes = NamePattern.Resolve(Class, names, "class", "UnknownClass").Select(name => columns[name]).ToArray();
        foreach (var measure in ThresholdSearch.MeasureAll(logits, classes, _options, Cancellation))
            Guard(() => WriteObject(measure()));
    }

    // Of single classes no other row of the head is computed.
    private protected override Logits Table(ModelLogits logits) => Uniform ? base.Table(logits) : logits;

    private static string[] Given(double? value, string name) => value is null ? [] : [name];
}
