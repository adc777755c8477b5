using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>Trains one model for each loss, from the same initial weights and on the same batches.</summary>
public static class Trainer
{
    /// <summary>
    /// Trains on the calling thread while the result is enumerated; each result is there as soon as its runs end. Cancelling
    /// throws <see cref="OperationCanceledException"/> within a step; abandoning the enumeration frees everything. A run that
    /// diverges becomes a result with the error, and the others go on.
    /// </summary>
    /// <param name="dataset">What to train on.</param>
    /// <param name="losses">The names of the losses, in order.</param>
    /// <param name="lossOptions">The hyperparameters of the losses.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="SlcException">At once where a name, a number or the data set cannot be used.</exception>
    public static IEnumerable<TrainingResult> Train(
        Dataset dataset, IReadOnlyList<string> losses, LossOptions lossOptions, TrainingOptions options,
        Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(lossOptions);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(dataset);
        lossOptions.Validate();
        var names = losses.Select(loss => LossCatalog.Find(loss).Name).Distinct().ToArray();
        var spec = NetworkCatalog.Describe(options.Network, dataset.ExampleShape, options.HiddenUnit, dataset.ClassCount);
        var device = Devices.Open(options.Device);
        return TrainAll(dataset, names, lossOptions, options with { Network = spec.Name, HiddenUnit = spec.HiddenUnit }, spec, device, progress, cancellation);
    }

    private static IEnumerable<TrainingResult> TrainAll(
        Dataset dataset, string[] losses, LossOptions lossOptions, TrainingOptions options, NetworkSpec spec, torch.Device device,
        Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using var train = Place(dataset.Train);
        using var validation = dataset.Validation.Count > 0 ? Place(dataset.Validation) : null;
        var rates = options.LearningRate;
        for (var i = 0; i < losses.Length; i++)
        {
            Model? best = null;
            var failures = new List<SlcException>();
            for (var r = 0; r < rates.Count; r++)
            {
                var (loss, runIndex) = (losses[i], (i * rates.Count) + r);
                var runOptions = options with { LearningRate = new[] { rates[r] } };
                Action<RunStatus>? report = progress is null ? null : status => progress(
                    new(loss, runOptions.LearningRate[0], status, options.StepCount, runIndex, losses.Length * rates.Count));
                try
                {
                    var model = TorchFailure.Guard(options.Device, () =>
                    {
                        using var run = new TrainingRun(dataset, train, validation, loss, lossOptions, runOptions, spec, device);
                        return run.Run(report, cancellation);
                    });
                    if (best is null || model.ValidationAccuracy > best.ValidationAccuracy)
                        best = model;
                }
                catch (SlcException diverged) when (diverged.Kind == SlcErrorKind.Diverged)
                {
                    failures.Add(diverged);
                }
            }

            yield return new(losses[i], best, failures);
        }

        DeviceSplit Place(DataSplit split) =>
            TorchFailure.Guard(options.Device, () => new DeviceSplit(split, dataset.Scaling, device));
    }
}
