using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using TorchSharp;

namespace LogitSeparation.Core.Sweeps;

/// <summary>Runs one trial in this process, from its folder alone.</summary>
/// <param name="options">Where, and whom to tell.</param>
internal sealed class TrialRunner(SweepOptions options)
{
    private Exception? _callers;

    /// <summary>The environment variable with the claim that a process was started for.</summary>
    public const string ClaimVariable = "SLC_CLAIM";

    /// <summary>Runs a trial that this process has claimed, to its end or until it is stopped; the claim is released then.</summary>
    /// <param name="folder">The trial.</param>
    /// <param name="claim">Its claim.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops within a step; what was learnt is kept.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="SlcException"><c>CheckpointInUse</c>: it is not free yet.</exception>
    public void Run(TrialFolder folder, Claim claim, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var log = new TrialLog(folder);
        using var pulse = new TrialPulse(folder, claim, cancellation);
        try
        {
            // One that was left by those who ran it before.
            if (!claim.IsStoppedBy(folder.StopPath))
                File.Delete(folder.StopPath);
            Complete(folder, claim, log, pulse, progress);
        }
        catch (Exception stop) when (stop is OperationCanceledException || stop == _callers)
        {
            LetGo(claim, log, claim.IsLost ? "lost" : "stopped");
            throw;
        }
        catch (SlcException held) when (held.ErrorId == CheckpointFolder.InUseId)
        {
            // Its owner was held up for long, and is there after all.
            LetGo(claim, log, "held");
            throw;
        }
        catch (Exception error)
        {
            // Whatever it is, it must not keep the other trials from their end.
            Fail(folder, claim, error as SlcException ?? Unexpected(folder, error));
        }
    }

    /// <summary>Records that a trial ended with an error. Divergence is the trial's outcome; anything else is tried again by the next start.</summary>
    public static void Fail(TrialFolder folder, Claim claim, SlcException error)
    {
        if (claim.IsLost)
            return;
        new TrialLog(folder).Add("failed", ("error", error.ErrorId), ("message", error.Message));
        var end = new TrialEnd(TrialState.Failed, claim.Token, error.ErrorId, error.Message);
        try
        {
            Write(error.Kind == SlcErrorKind.Diverged ? folder.DonePath : folder.FailedPath, end);
        }
        finally
        {
            claim.Release();
        }
    }

    private static void LetGo(Claim claim, TrialLog log, string why)
    {
        log.Add(why);
        if (!claim.IsLost)
            claim.Release();
    }

    private static SlcException Unexpected(TrialFolder folder, Exception error) => new("InternalError", SlcErrorKind.Unavailable,
        $"This should not have happened in the trial in '{folder.Path}' ({error.GetType().Name}): {error.Message.Split('\n')[0].Trim()}", folder.Path, error);

    // What a caller's own code throws is neither the trial's failure nor its outcome: as PowerShell stops a pipeline.
    private Action<T> Guard<T>(Action<T> call) => report =>
    {
        try
        {
            call(report);
        }
        catch (Exception exception)
        {
            _callers = exception;
            throw;
        }
    };

    private void Complete(TrialFolder folder, Claim claim, TrialLog log, TrialPulse pulse, Action<TrainingProgress>? progress)
    {
        var configuration = folder.ReadConfiguration();
        folder.LoadAssembly(configuration);
        var dataset = (options.Download is null ? options : options with { Download = Guard(options.Download) })
            .FindDataset(folder.ReadDataset(configuration), pulse.Token);
        log.Add("started", ("host", ProcessIdentity.Current.Host), ("process", Environment.ProcessId), ("device", options.Device));
        var model = Train(folder, configuration, dataset, log, pulse, progress);
        ModelFile.Export(model, folder.ModelPath);
        TrialHistory.Write(folder.HistoryPath, model.History);
        TrialMetrics.Measure(model, dataset, pulse.Token).Write(folder.MetricsPath);
        pulse.Dispose();
        if (claim.IsLost)
            throw new OperationCanceledException();
        log.Add("done", ("seconds", model.Duration.TotalSeconds), ("threads", model.ThreadCount));
        Write(folder.DonePath, new TrialEnd(TrialState.Done, claim.Token));
        claim.Release();
        claim.Tidy();
        File.Delete(folder.FailedPath);
        if (Directory.Exists(folder.CheckpointPath))
            Directory.Delete(folder.CheckpointPath, recursive: true);
    }

    private Model Train(
        TrialFolder folder, TrialConfiguration configuration, Dataset dataset, TrialLog log, TrialPulse pulse, Action<TrainingProgress>? progress)
    {
        var tell = progress is null ? null : Guard(progress);
        var training = configuration.Training with { Device = options.Device };
        var files = new TrainingFiles
        {
            CheckpointPath = folder.CheckpointPath,
            CheckpointEvery = options.CheckpointEvery,
            Overwrite = true,
            TensorBoardPath = options.TensorBoard || Directory.Exists(folder.EventsPath) ? folder.EventsPath : null,
            Notice = notice => log.Add("notice", ("message", notice)),
            Saved = history => TrialHistory.Write(folder.HistoryPath, history),
        };
        var results = OpenSaved(folder, log) is { } saved
            ? Trainer.Resume(saved, dataset, options.Device, files, Report, pulse.Token)
            : Trainer.Train(dataset, new[] { configuration.Loss }, configuration.LossOptions, training, files, Report, pulse.Token);
        log.Add("training", ("threads", torch.get_num_threads()));
        var result = results.Single();
        return result.Model ?? throw result.Failure[0];

        void Report(TrainingProgress report)
        {
            pulse.Report(new TrialHeartbeat(report.Step, report.StepCount, report.StepsPerSecond).ToString());
            tell?.Invoke(report);
        }
    }

    private static SavedTraining? OpenSaved(TrialFolder folder, TrialLog log)
    {
        try
        {
            return CheckpointFolder.HasTraining(folder.CheckpointPath) ? SavedTraining.Open(folder.CheckpointPath) : null;
        }
        catch (SlcException damaged) when (damaged.ErrorId == "CheckpointDamaged")
        {
            log.Add("notice", ("message", damaged.Message));
            return null;
        }
    }

    private static void Write(string path, TrialEnd end) =>
        AtomicFile.Write(path, stream => System.Text.Json.JsonSerializer.Serialize(stream, end, ModelFile.Json));
}
