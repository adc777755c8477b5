using System.Management.Automation;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Computes a model's logits on a split of a data set.</summary>
[Cmdlet(VerbsCommon.Get, "SlcLogit")]
[OutputType(typeof(Logits))]
public sealed class GetSlcLogitCommand : SlcCommand
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <summary>The split of the data set.</summary>
    [Parameter(Position = 0)]
    [NamedValue<Split>]
    public Split Split { get; set; } = Split.Test;

    /// <summary>The data set to use in place of the one that the model was trained on.</summary>
    [Parameter]
    public Dataset? Dataset { get; set; }

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
        var dataset = Dataset ?? ModelTable.OpenDataset(this, Model, NoDownload, Cancellation);
        WriteObject(ModelTable.Compute(Model, dataset, Split, Device, Cancellation));
    }
}
