using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;

namespace LogitSeparation.PowerShell;

/// <summary>Trains one model for each loss, on the pipeline's thread, and emits each as soon as it is trained.</summary>
[Cmdlet(VerbsLifecycle.Start, "SlcTraining")]
[OutputType(typeof(Model))]
public sealed class StartSlcTrainingCommand : TrainingCommand
{
    private static readonly TrainingOptions Defaults = new();

    private Dataset? _first;

    /// <summary>The data set.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [DatasetName]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public Dataset Dataset { get; set; } = null!;

    /// <summary>By which measure one of several learning rates is kept.</summary>
    [Parameter]
    [NamedValue<SelectionMeasure>]
    public SelectionMeasure SelectBy { get; set; } = Defaults.SelectBy;

    /// <summary>Decides initial weights, the order of examples, noise classes and augmentation.</summary>
    [Parameter]
    public int Seed { get; set; } = Defaults.Seed;

    /// <summary>The folder that the training is kept in, so that it can go on after a stop.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CheckpointPath { get; set; }

    /// <summary>Throw away the training that the folder of checkpoints holds.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The folder for TensorBoard's event files.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TensorBoardPath { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (LossNames.Count == 0)
            return;
        if (CheckpointPath is not null && _first is not null)
        {
            throw new SlcException("CheckpointPathShared", SlcErrorKind.InvalidArgument,
                $"-CheckpointPath '{CheckpointPath}' holds the training on {_first.Name}, and {Dataset.Name} would take its place: " +
                "train on each data set by a command of its own, with a folder of its own.", CheckpointPath);
        }

        _first = Dataset;
        var output = new TrainingOutput(this, $"Training on {Dataset}");
        var files = new TrainingFiles
        {
            CheckpointPath = CheckpointPath is null ? null : FilePaths.Resolve(this, CheckpointPath),
            CheckpointEvery = CheckpointEvery,
            Overwrite = Force,
            TensorBoardPath = TensorBoardPath is null ? null : FilePaths.Resolve(this, TensorBoardPath),
            Notice = WriteWarning,
        };
        var options = Options() with { Seed = Seed, SelectBy = SelectBy };
        output.Write(
            report => Trainer.Train(Dataset, LossNames, LossOptions, options, files, report, Cancellation), Report, files.CheckpointPath);
    }
}
