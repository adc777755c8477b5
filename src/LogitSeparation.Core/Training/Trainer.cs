using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;

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
        Action<TrainingProgress>? progress, CancellationToken cancellation) =>
        Train(dataset, losses, lossOptions, options, new(), progress, cancellation);

    /// <summary>
    /// Trains as the other overload, and leaves checkpoints and events in files. Where there are checkpoints, cancelling leaves one
    /// at the step that was reached.
    /// </summary>
    /// <param name="dataset">What to train on.</param>
    /// <param name="losses">The names of the losses, in order.</param>
    /// <param name="lossOptions">The hyperparameters of the losses.</param>
    /// <param name="options">How to train.</param>
    /// <param name="files">What to write meanwhile.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="SlcException">
    /// At once where a name, a number or the data set cannot be used; <c>CheckpointExists</c>, <c>CheckpointInUse</c>; and those of
    /// writing a file.
    /// </exception>
    public static IEnumerable<TrainingResult> Train(
        Dataset dataset, IReadOnlyList<string> losses, LossOptions lossOptions, TrainingOptions options, TrainingFiles files,
        Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(lossOptions);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(files);
        var (names, own) = UserLoss.Resolve(losses, lossOptions, options.Assembly);
        if (files.CheckpointPath is not null && names.Any(name => own.FindOwn(name) is { IsFunction: true }))
        {
            throw new SlcException("LossNotPortable", SlcErrorKind.InvalidArgument,
                "-CheckpointPath keeps a training so that another process can go on with it, and a script block cannot be kept. Put the loss into an " +
                "assembly and name that with -AssemblyPath, or leave -CheckpointPath out.", files.CheckpointPath);
        }

        var plan = new TrainingPlan
        {
            Loss = names.Distinct().ToArray(),
            LossOptions = own,
            Training = options,
            Dataset = dataset.Identity,
            TensorBoardPath = files.TensorBoardPath is null ? null : LocalPath.Resolve(files.TensorBoardPath, nameof(TrainingFiles.TensorBoardPath)),
        };
        var session = Prepare(dataset, plan, files);
        var folder = files.CheckpointPath is null ? null : CheckpointFolder.Create(files, plan);
        return session.Run(folder, progress, cancellation);
    }

    /// <summary>
    /// Goes on with a training: models that it has finished come at once, and the run that was stopped goes on from its newest
    /// checkpoint that is whole, to the same bits as one that was never stopped.
    /// </summary>
    /// <param name="saved">The training.</param>
    /// <param name="dataset">What it trains on, as <see cref="SavedTraining.OpenDataset"/> gives it.</param>
    /// <param name="device">The device; null for the one that it was begun on.</param>
    /// <param name="files">What to write meanwhile; the folder of checkpoints is that of the training.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="SlcException"><c>DatasetChanged</c>, <c>CheckpointInUse</c>, and those of <c>Train</c>.</exception>
    public static IEnumerable<TrainingResult> Resume(
        SavedTraining saved, Dataset dataset, string? device, TrainingFiles files, Action<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(saved);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(files);
        var (asked, found) = (saved.DatasetIdentity, dataset.Identity);
        if (asked.Checksum != found.Checksum || asked.Seed != found.Seed || asked.ValidationCount != found.ValidationCount)
        {
            throw new SlcException("DatasetChanged", SlcErrorKind.InvalidData,
                $"The training in '{saved.Path}' was begun on {asked.Name} (seed {asked.Seed}, {asked.ValidationCount} for validation), and " +
                $"{found.Name} (seed {found.Seed}, {found.ValidationCount} for validation) is other data. Give the data set that it was begun on.", saved.Path);
        }

        var (names, own) = UserLoss.Resolve(saved.Loss, saved.LossOptions, saved.Training.Assembly);
        var plan = saved.Plan with { Loss = names, LossOptions = own, Training = saved.Training with { Device = device ?? saved.Training.Device } };
        var session = Prepare(dataset, plan, files with { TensorBoardPath = files.TensorBoardPath ?? plan.TensorBoardPath });
        return session.Run(CheckpointFolder.Open(saved.Path, files.Notice), progress, cancellation);
    }

    private static TrainingSession Prepare(Dataset dataset, TrainingPlan plan, TrainingFiles files)
    {
        var options = plan.Training;
        files.Validate();
        options.Validate(dataset);
        plan.LossOptions.Validate();
        foreach (var loss in plan.Loss)
            plan.LossOptions.ValidateBatch(loss, options.BatchSize);
        var spec = NetworkCatalog.Describe(options.Network, dataset.ExampleShape, options.HiddenUnit, dataset.ClassCount,
            UserLoss.NetworkAssembly(options.Assembly, plan.LossOptions));
        var device = Devices.Open(options.Device);
        options.Validate(device);
        return new(dataset, plan with { Training = options with { Network = spec.Name, HiddenUnit = spec.HiddenUnit } }, files, spec, device);
    }
}
