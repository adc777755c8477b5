using System.Text.Json;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// Estimates how long trials take: from those of a sweep that are done, where one trained the same network on batches of the same
/// size, and else by training for a second. Evaluation and start are left out.
/// </summary>
/// <param name="options">Where trials are run.</param>
internal sealed class SweepEstimate(SweepOptions options)
{
    private const int Reports = 4;
    private const int EnoughSteps = 500;
    private static readonly string[] Irrelevant = ["learningRate", "seed", "stepCount", "momentum", "weightDecay", "historyInterval", "schedule"];

    private readonly Dictionary<string, double> _secondsPerStep = new(StringComparer.Ordinal);

    /// <summary>Learns from trials that are done: of each kind from the longest, in which the start counts least.</summary>
    public void Learn(IEnumerable<Trial> trials)
    {
        foreach (var trial in trials.Where(trial => trial is { State: TrialState.Done, Step: >= EnoughSteps }).OrderBy(trial => trial.Step))
            _secondsPerStep[KeyOf(trial.Configuration)] = trial.Duration!.Value.TotalSeconds / trial.Step;
    }

    /// <summary>The time of a trial from its beginning.</summary>
    /// <param name="configuration">The trial.</param>
    /// <param name="dataset">Its data.</param>
    /// <param name="cancellation">Stops within a step.</param>
    public TimeSpan Of(TrialConfiguration configuration, Dataset dataset, CancellationToken cancellation)
    {
        var key = KeyOf(configuration);
        if (!_secondsPerStep.TryGetValue(key, out var seconds))
            _secondsPerStep[key] = seconds = Measure(configuration, dataset, cancellation);
        return TimeSpan.FromSeconds(seconds * configuration.Training.StepCount);
    }

    private double Measure(TrialConfiguration configuration, Dataset dataset, CancellationToken cancellation)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (reports, speed) = (0, 0.0);
        var training = configuration.Training with { Device = options.Device, HistoryInterval = int.MaxValue, StepCount = int.MaxValue };
        try
        {
            _ = Trainer.Train(dataset, new[] { configuration.Loss }, configuration.LossOptions, training, Report, source.Token).First();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Enough was seen.
        }

        return speed > 0 ? 1 / speed : 0;

        // The first report has the start in it.
        void Report(TrainingProgress progress)
        {
            speed = Math.Max(speed, progress.StepsPerSecond);
            if (++reports >= Reports)
                source.Cancel();
        }
    }

    private static string KeyOf(TrialConfiguration configuration)
    {
        var training = JsonSerializer.SerializeToNode(configuration.Training with { Device = "" }, ModelFile.Json)!.AsObject();
        foreach (var name in Irrelevant)
            training.Remove(name);
        return $"{configuration.Dataset.Checksum} {training.ToJsonString()}";
    }
}
