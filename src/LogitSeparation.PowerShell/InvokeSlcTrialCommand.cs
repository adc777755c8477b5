using System.Management.Automation;
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
            NoDownload = NoDownload,
            Download = download.Report,
        };
        try
        {
            WriteObject(Sweep.RunTrial(path, options, report => TrainingOutput.Show(progress, report), Cancellation));
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            WriteWarning($"The trial in '{path}' was asked to stop. What it learnt is kept, and who runs it next goes on.");
        }
    }
}
