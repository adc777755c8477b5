using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>Runs one trial from its folder alone.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SlcTrial")]
[OutputType(typeof(Trial))]
public sealed class InvokeSlcTrialCommand : SlcCommand
{
    /// <summary>The trial's folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Folder")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The data set, where it is no longer where it was.</summary>
    [Parameter]
    [DatasetName]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public Dataset[] Dataset { get; set; } = [];

    /// <summary>The device to train on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    /// <summary>Steps between two checkpoints.</summary>
    [Parameter]
    public int CheckpointEvery { get; set; }

    /// <summary>Do not download the data set where it is not on this machine.</summary>
    [Parameter]
    public SwitchParameter NoDownload { get; set; }

    /// <summary>Write TensorBoard's event files into the trial's folder.</summary>
    [Parameter]
    public SwitchParameter TensorBoard { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var path = FilePaths.Resolve(this, Path);
        using var download = new DownloadLine(this, "data set");
        using var progress = new ProgressLine(this, "Trial");
        var options = new SweepOptions
        {
            Device = Device,
            CheckpointEvery = CheckpointEvery,
            Dataset = Dataset,
            NoDownload = NoDownload,
            TensorBoard = TensorBoard,
            Download = download.Report,
        };
        try
        {
            Write(Sweep.RunTrial(path, options, report => TrainingOutput.Show(progress, report), Cancellation));
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            WriteObject(Sweep.Trials(path), enumerateCollection: true);
            throw new SlcException("TrialStopped", SlcErrorKind.Unavailable,
                $"The trial in '{path}' was asked to stop. What it learnt is kept, and who runs it next goes on.", path);
        }
    }

    // Whoever waits for the command, as a scheduler does, has to see that the trial came to nothing.
    private void Write(Trial trial)
    {
        WriteObject(trial);
        if (trial.State == TrialState.Failed)
            throw new SlcException(trial.ErrorId ?? "TrialFailed", SlcErrorKind.Unavailable, $"{trial.Configuration} failed: {trial.Error}", trial.Folder);
    }
}
