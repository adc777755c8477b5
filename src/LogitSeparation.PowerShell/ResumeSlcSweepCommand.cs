using System.Management.Automation;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>Goes on with all trials of a sweep's folder, or with those that are piped in.</summary>
[Cmdlet(VerbsLifecycle.Resume, "SlcSweep", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(Trial))]
public sealed class ResumeSlcSweepCommand : SlcCommand
{
    private const string PathSet = "Path";
    private const string TrialSet = "Trial";

    private readonly List<Trial> _trials = [];

    /// <summary>The folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The trials.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = TrialSet)]
    [ValidateNotNull]
    public Trial[] Trial { get; set; } = [];

    /// <summary>Data sets, where they are no longer where they were.</summary>
    [Parameter]
    [DatasetName]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public Dataset[] Dataset { get; set; } = [];

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

    /// <summary>Write TensorBoard's event files into the trials' folders.</summary>
    [Parameter]
    public SwitchParameter TensorBoard { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ParameterSetName == PathSet)
            Run(FilePaths.Resolve(this, Path), null);
        else
            _trials.AddRange(Trial);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var sweep in _trials.GroupBy(trial => System.IO.Path.GetDirectoryName(trial.Folder)!))
            Guard(() => Run(sweep.Key, sweep.Select(trial => trial.Id).Distinct().ToArray()));
    }

    private void Run(string path, IReadOnlyList<string>? ids)
    {
        var output = new SweepOutput(this, path);
        using var download = new DownloadLine(this, "data set");
        var options = output.WithProcesses(new()
        {
            Dataset = Dataset,
            Device = Device,
            ThrottleLimit = ThrottleLimit,
            CheckpointEvery = CheckpointEvery,
            NoDownload = NoDownload,
            Download = download.Report,
            TensorBoard = TensorBoard,
        });
        if (output.IsWhatIf)
            output.Preview(Sweep.Preview(path, ids, options, Cancellation), options);
        else if (ShouldProcess(path, "Go on with the sweep"))
            output.Write(report => Sweep.Resume(path, ids, options, report, Cancellation));
    }
}
