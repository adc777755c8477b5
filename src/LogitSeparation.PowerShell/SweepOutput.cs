using System.Diagnostics;
using System.Management.Automation;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>Writes the trials of a sweep as they end, with a progress line meanwhile, and starts processes for them.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="path">The sweep's folder.</param>
internal sealed class SweepOutput(PSCmdlet cmdlet, string path)
{
    /// <summary>Runs a sweep and writes each trial.</summary>
    /// <param name="run">Starts it.</param>
    public void Write(Func<Action<SweepProgress>, IEnumerable<Trial>> run)
    {
        var group = new ResultGroup();
        try
        {
            using var progress = new ProgressLine(cmdlet, $"Sweep in {path}");
            foreach (var trial in run(report => progress.Report($"{report.Ended} of {report.Count} trials; {report.Running}", report.Share, report.Remaining)))
            {
                if (trial.State == TrialState.Failed)
                    cmdlet.WriteWarning($"{trial.Configuration} failed: {trial.Error}");
                else if (trial.State == TrialState.Damaged)
                    cmdlet.WriteWarning($"A trial is left out, since it is damaged. {trial.Error}");
                group.Add(trial);
                cmdlet.WriteObject(trial);
            }

            group.Complete();
        }
        catch (OperationCanceledException)
        {
            // A stopped pipeline takes no more records; the host still shows a line.
            cmdlet.Host.UI.WriteWarningLine($"The sweep was stopped. What its trials learnt is kept: Resume-SlcSweep -Path '{path}' goes on with it.");
        }
    }

    /// <summary>Whether the command is only to say what it would do.</summary>
    public bool IsWhatIf => cmdlet.MyInvocation.BoundParameters.TryGetValue("WhatIf", out var asked)
        ? LanguagePrimitives.IsTrue(asked)
        : LanguagePrimitives.IsTrue(cmdlet.SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>Writes what would be run, and how long all of it would take.</summary>
    /// <param name="trials">The trials, with estimates.</param>
    /// <param name="options">How they would be run.</param>
    public void Preview(IReadOnlyList<Trial> trials, SweepOptions options)
    {
        var group = new ResultGroup();
        foreach (var trial in trials)
        {
            group.Add(trial);
            cmdlet.WriteObject(trial);
        }

        var processes = Math.Min(options.ThrottleLimit, trials.Count);
        var place = processes > 1 ? FormattableString.Invariant($" in {processes} processes") : "";
        var total = Sweep.TotalTime(trials, options);
        cmdlet.ShouldProcess(path, FormattableString.Invariant($"Run {trials.Count} trials{place}, which takes about {Describe(total)} on this machine"));
    }

    /// <summary>The options, with how another process of this PowerShell runs a trial with this module.</summary>
    /// <param name="options">How trials are run.</param>
    public SweepOptions WithProcesses(SweepOptions options)
    {
        if (options.ThrottleLimit <= 0)
            return options;
        var module = cmdlet.MyInvocation.MyCommand.Module;
        var manifest = System.IO.Path.Combine(module.ModuleBase, $"{module.Name}.psd1");
        var home = cmdlet.SessionState.PSVariable.GetValue("PSHOME") as string ?? "";
        var switches = (options.NoDownload ? " -NoDownload" : "") + (options.TensorBoard ? " -TensorBoard" : "");
        return options with
        {
            StartProcess = folder =>
            {
                var start = FindPowerShell(home);
                var script = FormattableString.Invariant(
                    $"$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; Import-Module {Quote(manifest)}; [void] (Invoke-SlcTrial -Path {Quote(folder)} -Device {Quote(options.Device)} -CheckpointEvery {options.CheckpointEvery}{switches})");
                foreach (var argument in new[] { "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", script })
                    start.ArgumentList.Add(argument);
                return start;
            },
        };
    }

    private static string Describe(TimeSpan time) => time switch
    {
        { TotalHours: >= 2 } => FormattableString.Invariant($"{time.TotalHours:f1} hours"),
        { TotalMinutes: >= 2 } => FormattableString.Invariant($"{time.TotalMinutes:f0} minutes"),
        _ => FormattableString.Invariant($"{time.TotalSeconds:f0} seconds"),
    };

    // As a .NET tool PowerShell is a DLL that dotnet runs; a program that hosts PowerShell is not one itself.
    private static ProcessStartInfo FindPowerShell(string home)
    {
        var self = Environment.ProcessPath ?? "";
        var name = System.IO.Path.GetFileNameWithoutExtension(self);
        if (name.Equals("pwsh", StringComparison.OrdinalIgnoreCase))
            return new(self);
        var library = System.IO.Path.Combine(home, "pwsh.dll");
        if (name.Equals("dotnet", StringComparison.OrdinalIgnoreCase) && File.Exists(library))
        {
            var start = new ProcessStartInfo(self);
            start.ArgumentList.Add(library);
            return start;
        }

        return new(System.IO.Path.Combine(home, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"));
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
