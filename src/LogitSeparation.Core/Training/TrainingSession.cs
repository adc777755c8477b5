using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>All runs of a training, one after the other: each loss with each learning rate, of which the best is kept.</summary>
/// <param name="dataset">What to train on.</param>
/// <param name="plan">What to train.</param>
/// <param name="files">What to write meanwhile.</param>
/// <param name="spec">The network.</param>
/// <param name="device">Where to train.</param>
internal sealed class TrainingSession(Dataset dataset, TrainingPlan plan, TrainingFiles files, NetworkSpec spec, torch.Device device)
{
    private readonly IReadOnlyList<double> _rates = plan.Training.LearningRate;

    private int RunCount => plan.Loss.Count * _rates.Count;

    /// <summary>Runs all.</summary>
    /// <param name="folder">Where checkpoints are kept; freed at the end. Null for none.</param>
    /// <param name="progress">Called a few times a second; may be null.</param>
    /// <param name="cancellation">Stops within a step.</param>
    public IEnumerable<TrainingResult> Run(CheckpointFolder? folder, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using var held = folder;
        using var train = Place(dataset.Train);
        using var validation = dataset.Validation.Count > 0 ? Place(dataset.Validation) : null;
        for (var i = 0; i < plan.Loss.Count; i++)
        {
            Model? best = null;
            var failures = new List<SlcException>();
            for (var r = 0; r < _rates.Count; r++)
            {
                try
                {
                    var index = (i * _rates.Count) + r;
                    var model = Finish(folder?.Run(index), index, train, validation, progress, cancellation);
                    if (best is null || Score(model) > Score(best))
                        best = model;
                }
                catch (SlcException diverged) when (diverged.Kind == SlcErrorKind.Diverged)
                {
                    failures.Add(diverged);
                }
            }

            yield return new(plan.Loss[i], best, failures);
        }
    }

    private DeviceSplit Place(DataSplit split) =>
        TorchFailure.Guard(plan.Training.Device, () => new DeviceSplit(split, dataset.Scaling, device));

    private double? Score(Model model) =>
        plan.Training.SelectBy == SelectionMeasure.Auprc ? model.ValidationAuprc : model.ValidationAccuracy;

    // What the folder says of a run that has ended, or the run itself.
    private Model Finish(
        RunFiles? kept, int index, DeviceSplit train, DeviceSplit? validation, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (kept?.ReadFailure() is { } failure)
            throw failure;
        if (kept?.ReadModel() is { } finished)
        {
            finished.AttachedDataset = dataset;
            return finished;
        }

        try
        {
            var model = Train(kept, index, train, validation, progress, cancellation);
            kept?.Finish(model);
            return model;
        }
        catch (SlcException diverged) when (diverged.Kind == SlcErrorKind.Diverged)
        {
            kept?.Finish(diverged);
            throw;
        }
    }

    private Model Train(
        RunFiles? kept, int index, DeviceSplit train, DeviceSplit? validation, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var (loss, rate) = (plan.Loss[index / _rates.Count], _rates[index % _rates.Count]);
        var options = plan.Training with { LearningRate = new[] { rate } };
        Action<RunStatus>? report = progress is null ? null : status => progress(new(loss, rate, status, options.StepCount, index, RunCount));
        return TorchFailure.Guard(options.Device, () =>
        {
            using var rounding = new TensorFloat32(device, options.ProductPrecision == ProductPrecision.Tf32);
            using var run = new TrainingRun(dataset, train, validation, loss, plan.LossOptions, options, spec, device);
            using var record = new RunRecord(files, kept, TensorBoardEvents.Create(files.TensorBoardPath, plan, loss, rate));
            return run.Run(record, report, cancellation);
        });
    }
}
