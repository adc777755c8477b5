using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Training;

namespace LogitSeparation.PowerShell;

/// <summary>Writes what a training gives, with a progress line meanwhile and a word about what is kept where it is stopped.</summary>
internal sealed class TrainingOutput(PSCmdlet cmdlet, string activity)
{
    /// <summary>Trains and writes each model.</summary>
    /// <param name="train">Starts the training.</param>
    /// <param name="fail">Takes the error of a run.</param>
    /// <param name="checkpointPath">Where the training is kept; null where it is not.</param>
    public void Write(Func<Action<TrainingProgress>, IEnumerable<TrainingResult>> train, Action<SlcException> fail, string? checkpointPath)
    {
        try
        {
            using var progress = new ProgressLine(cmdlet, activity);
            foreach (var result in train(report => Show(progress, report)))
            {
                foreach (var failure in result.Failure)
                    fail(failure);
                if (result.Model is not null)
                    cmdlet.WriteObject(result.Model);
            }
        }
        catch (OperationCanceledException)
        {
            // A stopped pipeline takes no more records; a host that has a screen still shows a line.
            if (WantsWarnings)
            {
                cmdlet.Host?.UI?.WriteWarningLine(checkpointPath is null
                    ? "Training was stopped. What the model in training had learnt is discarded; models that were emitted remain."
                    : $"Training was stopped, and its state is kept: Resume-SlcTraining -Path '{checkpointPath}' goes on with it.");
            }

            throw;
        }
    }

    private bool WantsWarnings
    {
        get
        {
            var preference = cmdlet.MyInvocation.BoundParameters.TryGetValue("WarningAction", out var asked)
                ? asked : cmdlet.SessionState.PSVariable.GetValue("WarningPreference");
            return preference?.ToString() is not ("SilentlyContinue" or "Ignore");
        }
    }

    /// <summary>Shows how far a training is.</summary>
    public static void Show(ProgressLine progress, TrainingProgress report)
    {
        var done = report.RunIndex + ((double)report.Step / report.StepCount);
        var accuracy = report.ValidationAccuracy is { } share ? FormattableString.Invariant($", accuracy {share:p1}") : "";
        var certified = report.CertifiedShare is { } part ? FormattableString.Invariant($", certified {part:p1}") : "";
        var status = FormattableString.Invariant(
            $"{report.LossName} {report.Step}/{report.StepCount}: loss {report.Loss:g4}{accuracy}{certified}, {report.StepsPerSecond:f0} steps/s");
        progress.Report(status, done / report.RunCount, report.Remaining);
    }
}
