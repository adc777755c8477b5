using System.Management.Automation;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>A cmdlet that takes logits, or a model whose logits on a split are meant.</summary>
public abstract class LogitsCommand : SlcCommand
{
    private protected const string ModelSet = "Model";
    private protected const string LogitsSet = "Logits";

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ModelSet)]
    public Model Model { get; set; } = null!;

    /// <summary>The logits.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = LogitsSet)]
    public Logits Logits { get; set; } = null!;

    /// <summary>The split of the data set.</summary>
    [Parameter(ParameterSetName = ModelSet)]
    [NamedValue<Split>]
    public Split Split { get; set; } = Split.Test;

    /// <summary>The data set to use in place of the one that the model was trained on.</summary>
    [Parameter(ParameterSetName = ModelSet)]
    public Dataset? Dataset { get; set; }

    /// <summary>The device to compute on.</summary>
    [Parameter(ParameterSetName = ModelSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    /// <summary>Do not download a data set that is not on this machine.</summary>
    [Parameter(ParameterSetName = ModelSet)]
    public SwitchParameter NoDownload { get; set; }

    /// <inheritdoc/>
    protected sealed override void Process() => Process(ParameterSetName == ModelSet
        ? Table(new(Model, Dataset ?? ModelTable.OpenDataset(this, Model, NoDownload, Cancellation), Split, Device, Cancellation))
        : Logits);

    /// <summary>The table of a model's logits that is processed: by default all of them, computed once where they fit.</summary>
    /// <param name="logits">The logits, of which nothing is computed yet.</param>
    private protected virtual Logits Table(ModelLogits logits) => ModelTable.Keep(logits);

    /// <summary>Called for each table of logits.</summary>
    /// <param name="logits">The logits piped in, or those of the model piped in.</param>
    protected abstract void Process(Logits logits);
}
