using System.Diagnostics;
using System.Text.Json;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using TorchSharp;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// Estimates how long trials take: from those of a sweep that are done, where one trained the same network on batches of the same
/// size, on such a device with as many threads, and else by training for a second, or for two steps where they are slow. Evaluation and
/// start are left out.
/// </summary>
/// <param name="options">Where trials are run.</param>
/// <param name="threadCount">With how many threads.</param>
internal sealed class SweepEstimate(SweepOptions options, int threadCount)
{
    private const int Reports = 4;
    private const int SlowReports = 2;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private const int EnoughSteps = 500;
    private static readonly string[] Irrelevant = ["learningRate", "seed", "stepCount", "momentum", "weightDecay", "historyInterval", "schedule"];

    private readonly Dictionary<string, double> _secondsPerStep = new(StringComparer.Ordinal);

    /// <summary>Learns from trials that are done: of each kind from the longest, in which the start counts least.</summary>
    public void Learn(IEnumerable<Trial> trials)
    {
        foreach (var trial in trials.Where(trial => trial is { State: TrialState.Done, Step: >= EnoughSteps }).OrderBy(trial => trial.Step))
            _secondsPerStep[KeyOf(trial.Configuration!, trial.Device!, trial.ThreadCount!.Value)] = trial.Duration!.Value.TotalSeconds / trial.Step!.Value;
    }

    /// <summary>The time of the steps of a trial that are left.</summary>
    /// <param name="configuration">The trial.</param>
    /// <param name="completed">The steps that it has taken.</param>
    /// <param name="dataset">Gives its data.</param>
    /// <param name="cancellation">Stops within a step.</param>
    public TimeSpan Of(TrialConfiguration configuration, int completed, Func<Dataset> dataset, CancellationToken cancellation)
    {
        var key = KeyOf(configuration, options.Device, threadCount);
        if (!_secondsPerStep.TryGetValue(key, out var seconds))
            _secondsPerStep[key] = seconds = Measure(configuration, dataset(), cancellation);
        return TimeSpan.FromSeconds(seconds * Math.Max(0, configuration.Training.StepCount - completed));
    }

    private double Measure(TrialConfiguration configuration, Dataset dataset, CancellationToken cancellation)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (reports, speed) = (0, 0.0);
        var clock = Stopwatch.StartNew();
        var usual = torch.get_num_threads();
        var training = configuration.Training with { Device = options.Device, HistoryInterval = int.MaxValue, StepCount = int.MaxValue };
        try
        {
            torch.set_num_threads(threadCount);
            _ = Trainer.Train(dataset, new[] { configuration.Loss }, configuration.LossOptions, training, Report, source.Token).First();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Enough was seen.
        }
        finally
        {
            torch.set_num_threads(usual);
        }

        return speed > 0 ? 1 / speed : 0;

        // The first report has the start in it.
        void Report(TrainingProgress progress)
        {
            speed = Math.Max(speed, progress.StepsPerSecond);
            if (++reports >= (clock.Elapsed > Slow ? SlowReports : Reports))
                source.Cancel();
        }
    }

    private static string KeyOf(TrialConfiguration configuration, string device, int threads)
    {
        var training = JsonSerializer.SerializeToNode(configuration.Training with { Device = "" }, ModelFile.Json)!.AsObject();
        foreach (var name in Irrelevant)
            training.Remove(name);
        return FormattableString.Invariant($"{device} {threads} {configuration.Dataset.Checksum} {training.ToJsonString()}");
    }
}
