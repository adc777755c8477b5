using System.Management.Automation;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.PowerShell;

/// <summary>Reads logits with labels from files.</summary>
[Cmdlet(VerbsData.Import, "SlcLogit", DefaultParameterSetName = "Path")]
[OutputType(typeof(Logits))]
public sealed class ImportSlcLogitCommand : ImportCommand
{
    /// <summary>The name of the data set that the examples belong to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Dataset { get; set; }

    /// <summary>The split that the examples are.</summary>
    [Parameter]
    [NamedValue<Split>]
    public Split? Split { get; set; }

    /// <summary>The name of the loss that the model was trained with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LossCompleter))]
    public string? Loss { get; set; }

    /// <summary>The seed that the model was trained with.</summary>
    [Parameter]
    public int? Seed { get; set; }

    /// <summary>The learning rate that the model was trained with.</summary>
    [Parameter]
    public double? LearningRate { get; set; }

    /// <summary>With a .npy file: the file of its labels.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LabelPath { get; set; }

    /// <inheritdoc/>
    protected override void Import(string path)
    {
        var logits = LogitsFile.Import(path, Dataset, Split, Loss, LabelPath is null ? null : FilePaths.Resolve(this, LabelPath), Seed, LearningRate, Cancellation);
        foreach (var notice in logits.Notice)
            WriteWarning(notice);
        WriteObject(logits);
    }

    /// <inheritdoc/>
    private protected override IEnumerable<string> Companions(string path) => LogitsFile.Companions(path);
}
