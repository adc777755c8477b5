using System.Management.Automation;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;
using LogitSeparation.Core.Training;

namespace LogitSeparation.PowerShell;

/// <summary>Goes on with a training from its checkpoints.</summary>
[Cmdlet(VerbsLifecycle.Resume, "SlcTraining")]
[OutputType(typeof(Model))]
public sealed class ResumeSlcTrainingCommand : SlcCommand
{
    /// <summary>The folder of its checkpoints.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The data set, where it cannot be opened as it was.</summary>
    [Parameter]
    [DatasetName]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public Dataset? Dataset { get; set; }

    /// <summary>The device, where it is not the one that the training was begun on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    /// <summary>Steps between two checkpoints.</summary>
    [Parameter]
    public int CheckpointEvery { get; set; }

    /// <summary>The folder for TensorBoard's event files.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TensorBoardPath { get; set; }

    /// <summary>The user's own assembly that the network comes from.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AssemblyPath { get; set; }

    /// <summary>Do not download what is not on this machine.</summary>
    [Parameter]
    public SwitchParameter NoDownload { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (AssemblyPath is not null)
            UserAssembly.Load(FilePaths.Resolve(this, AssemblyPath));
        var saved = SavedTraining.Open(FilePaths.Resolve(this, Path));
        using var download = new DownloadLine(this, saved.DatasetIdentity.Name);
        var dataset = Dataset ?? saved.OpenDataset(NoDownload, download.Report, Cancellation);
        var files = new TrainingFiles
        {
            CheckpointEvery = CheckpointEvery,
            TensorBoardPath = TensorBoardPath is null ? null : FilePaths.Resolve(this, TensorBoardPath),
            Notice = WriteWarning,
        };
        new TrainingOutput(this, $"Training on {dataset}").Write(
            report => Trainer.Resume(saved, dataset, Device, files, report, Cancellation), Report, saved.Path);
    }
}
