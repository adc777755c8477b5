using System.Globalization;
using System.Text;
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
    /// <summary>The environment variable with the claim that a process was started for.</summary>
    public const string ClaimVariable = "SLC_CLAIM";

    /// <summary>Runs a trial that this process has claimed, to its end or until it is stopped; the claim is released then.</summary>
    /// <param name="folder">The trial.</param>
    /// <param name="claim">Its claim.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops within a step; what was learnt is kept.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Run(TrialFolder folder, Claim claim, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var log = new TrialLog(folder);
        using var pulse = new TrialPulse(folder, claim, cancellation);
        try
        {
            File.Delete(folder.StopPath);
            Complete(folder, claim, log, pulse, progress);
        }
        catch (SlcException error)
        {
            Fail(folder, claim, error);
        }
        catch (OperationCanceledException)
        {
            log.Add(claim.IsLost ? "lost" : "stopped");
            if (!claim.IsLost)
                claim.Release();
            throw;
        }
    }

    /// <summary>Records that a trial ended with an error. Divergence is the trial's outcome; anything else is tried again by the next start.</summary>
    public static void Fail(TrialFolder folder, Claim claim, SlcException error)
    {
        if (claim.IsLost)
            return;
        new TrialLog(folder).Add("failed", ("error", error.ErrorId), ("message", error.Message));
        var end = new TrialEnd(TrialState.Failed, claim.Token, error.ErrorId, error.Message);
        Write(error.Kind == SlcErrorKind.Diverged ? folder.DonePath : folder.FailedPath, end);
        claim.Release();
    }

    private void Complete(TrialFolder folder, Claim claim, TrialLog log, TrialPulse pulse, Action<TrainingProgress>? progress)
    {
        var configuration = folder.ReadConfiguration();
        folder.LoadAssembly(configuration);
        var dataset = options.FindDataset(folder.ReadDataset(configuration), pulse.Token);
        log.Add("started", ("host", ProcessIdentity.Current.Host), ("process", Environment.ProcessId), ("device", options.Device));
        var model = Train(folder, configuration, dataset, log, pulse, progress);
        ModelFile.Export(model, folder.ModelPath);
        WriteHistory(folder, model.History);
        TrialMetrics.Measure(model, dataset, pulse.Token).Write(folder.MetricsPath);
        pulse.Dispose();
        if (claim.IsLost)
            throw new OperationCanceledException();
        log.Add("done", ("seconds", model.Duration.TotalSeconds), ("threads", model.ThreadCount));
        Write(folder.DonePath, new TrialEnd(TrialState.Done, claim.Token));
        claim.Tidy();
        File.Delete(folder.FailedPath);
        if (Directory.Exists(folder.CheckpointPath))
            Directory.Delete(folder.CheckpointPath, recursive: true);
    }

    private Model Train(
        TrialFolder folder, TrialConfiguration configuration, Dataset dataset, TrialLog log, TrialPulse pulse, Action<TrainingProgress>? progress)
    {
        var training = configuration.Training with { Device = options.Device };
        var files = new TrainingFiles
        {
            CheckpointPath = folder.CheckpointPath,
            CheckpointEvery = options.CheckpointEvery,
            Overwrite = true,
            Notice = notice => log.Add("notice", ("message", notice)),
            Saved = history => WriteHistory(folder, history),
        };
        var results = OpenSaved(folder, log) is { } saved
            ? Trainer.Resume(saved, dataset, options.Device, files, Report, pulse.Token)
            : Trainer.Train(dataset, new[] { configuration.Loss }, configuration.LossOptions, training, files, Report, pulse.Token);
        log.Add("training", ("threads", torch.get_num_threads()));
        var result = results.Single();
        return result.Model ?? throw result.Failure[0];

        void Report(TrainingProgress report)
        {
            pulse.Report(string.Create(CultureInfo.InvariantCulture, $"{report.Step} {report.StepCount} {report.StepsPerSecond:f2}"));
            progress?.Invoke(report);
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

    private static void WriteHistory(TrialFolder folder, IReadOnlyList<HistoryPoint> history)
    {
        var text = new StringBuilder("Step,Loss,ValidationAccuracy,CertifiedShare,ValidationMargin\r\n");
        foreach (var point in history)
            text.Append(CultureInfo.InvariantCulture, $"{point.Step},{point.Loss:R},{point.ValidationAccuracy:R},{point.CertifiedShare:R},{point.ValidationMargin:R}\r\n");
        AtomicFile.Write(folder.HistoryPath, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Write(string path, TrialEnd end) =>
        AtomicFile.Write(path, stream => System.Text.Json.JsonSerializer.Serialize(stream, end, ModelFile.Json));
}
