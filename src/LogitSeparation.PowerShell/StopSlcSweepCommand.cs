using System.Management.Automation;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>Asks all who run trials of a sweep, on whatever machine, to stop.</summary>
[Cmdlet(VerbsLifecycle.Stop, "SlcSweep", SupportsShouldProcess = true)]
[OutputType(typeof(Trial))]
public sealed class StopSlcSweepCommand : SlcCommand
{
    /// <summary>The folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>How many seconds to wait until no trial runs.</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public double Timeout { get; set; } = 60;

    /// <inheritdoc/>
    protected override void Process()
    {
        var path = FilePaths.Resolve(this, Path);
        if (!ShouldProcess(path, "Stop the sweep"))
            return;
        var running = Sweep.Stop(path, TimeSpan.FromSeconds(Timeout), Cancellation);
        if (running.Count > 0)
            WriteWarning($"{running.Count} trials still run; they stop when their processes look at the folder.");
        WriteObject(running, enumerateCollection: true);
    }
}
