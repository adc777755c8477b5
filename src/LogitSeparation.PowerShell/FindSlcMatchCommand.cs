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

    /// <summary>The name of the class.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string Class { get; set; } = "";

    /// <summary>The threshold that a match's logit exceeds.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    public double Threshold { get; set; }

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
        if (double.IsNaN(Threshold))
        {
            throw new SlcException("InvalidThreshold", SlcErrorKind.InvalidArgument,
                "-Threshold is NaN, which no logit exceeds: give a number, or measure one with Measure-SlcThreshold.", nameof(Threshold));
        }

        var dataset = Dataset ?? ModelTable.OpenDataset(this, Model, NoDownload, Cancellation);
        var matches = SingleLogit.Find(Model, dataset, Split, Model.FindClass(Class), Threshold, Device, Cancellation);
        foreach (var match in Top is { } count ? matches.OrderByDescending(match => match.Logit).Take(count) : matches)
            WriteObject(match);
    }
}
