using System.Management.Automation;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>Goes on with all trials of a sweep's folder.</summary>
[Cmdlet(VerbsLifecycle.Resume, "SlcSweep")]
[OutputType(typeof(Trial))]
public sealed class ResumeSlcSweepCommand : SlcCommand
{
    /// <summary>The folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The device to train on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    /// <summary>The number of processes to run trials in.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; }

    /// <summary>Steps between two checkpoints.</summary>
    [Parameter]
    public int CheckpointEvery { get; set; }

    /// <summary>Do not download data sets that are not on this machine.</summary>
    [Parameter]
    public SwitchParameter NoDownload { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var path = FilePaths.Resolve(this, Path);
        var output = new SweepOutput(this, path);
        using var download = new DownloadLine(this, "data set");
        var options = new SweepOptions
        {
            Device = Device,
            ThrottleLimit = ThrottleLimit,
            CheckpointEvery = CheckpointEvery,
            NoDownload = NoDownload,
            Download = download.Report,
            StartProcess = ThrottleLimit > 0 ? output.StartProcess(Device, CheckpointEvery) : null,
        };
        output.Write(report => Sweep.Resume(path, options, report, Cancellation));
    }
}
