using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Finds the examples of one class by that class's logit alone.</summary>
[Cmdlet(VerbsCommon.Find, "SlcMatch")]
[OutputType(typeof(Match))]
public sealed class FindSlcMatchCommand : SlcCommand
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <summary>The names of the classes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string[] Class { get; set; } = [];

    /// <summary>The threshold that a match's logit exceeds, in place of those that the model carries.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public double? Threshold { get; set; }

    /// <summary>Where to look, in place of the data set that the model was trained on.</summary>
    [Parameter]
    public Dataset? Dataset { get; set; }

    /// <summary>The split of the data set.</summary>
    [Parameter]
    [NamedValue<Split>]
    public Split Split { get; set; } = Split.Test;

    /// <summary>Give only so many matches, those with the largest logits, the largest first.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Top { get; set; }

    /// <summary>The device to compute on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    /// <summary>Do not download a data set that is not on this machine.</summary>
    [Parameter]
    public SwitchParameter NoDownload { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Threshold is double.NaN)
        {
            throw new SlcException("InvalidThreshold", SlcErrorKind.InvalidArgument,
                "-Threshold is NaN, which no logit exceeds: give a number, or measure one with Measure-SlcThreshold.", nameof(Threshold));
        }

        var queries = NamePattern.Resolve(Class, Model.ClassNames, "class", "UnknownClass")
            .Select(name => new ClassQuery(Model.FindClass(name), Threshold ?? Kept(name))).ToArray();
        var dataset = Dataset ?? ModelTable.OpenDataset(this, Model, NoDownload, Cancellation);
        var matches = SingleLogit.Find(Model, dataset, Split, queries, Device, Cancellation);
        foreach (var match in Top is { } count ? matches.OrderByDescending(match => match.Logit).Take(count) : matches)
            WriteObject(match);
    }

    private double Kept(string name) => Model.FindThreshold(name) ?? throw new SlcException("ThresholdMissing", SlcErrorKind.InvalidArgument,
        $"The model carries no threshold for class '{name}': give -Threshold, pipe in what Measure-SlcThreshold gives, or let the model carry that with Set-SlcThreshold.", name);
}
