using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Training;

/// <summary>A training that was begun with checkpoints and can go on.</summary>
public sealed class SavedTraining
{
    private SavedTraining(string path, TrainingPlan plan) => (Path, Plan) = (path, plan);

    /// <summary>The folder of its checkpoints.</summary>
    public string Path { get; }

    /// <summary>The names of the losses.</summary>
    public IReadOnlyList<string> Loss => Plan.Loss;

    /// <summary>The hyperparameters of the losses.</summary>
    public LossOptions LossOptions => Plan.LossOptions;

    /// <summary>How it trains.</summary>
    public TrainingOptions Training => Plan.Training;

    /// <summary>What it trains on.</summary>
    public DatasetIdentity DatasetIdentity => Plan.Dataset;

    internal TrainingPlan Plan { get; }

    /// <summary>Reads what a folder holds.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="SlcException"><c>CheckpointNotFound</c>, <c>CheckpointDamaged</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static SavedTraining Open(string path)
    {
        var full = LocalPath.Resolve(path);
        return new(full, CheckpointFolder.ReadPlan(full));
    }

    /// <summary>The data set that it trains on, opened as it was.</summary>
    /// <param name="noDownload">Whether a data set that is not on this machine is an error rather than downloaded.</param>
    /// <param name="progress">Called on the calling thread while downloading; may be null.</param>
    /// <param name="cancellation">Stops within a moment.</param>
    /// <exception cref="SlcException">Those of <see cref="DatasetCatalog.Reopen"/>.</exception>
    public Dataset OpenDataset(bool noDownload, Action<DownloadProgress>? progress, CancellationToken cancellation) =>
        DatasetCatalog.Reopen(DatasetIdentity, noDownload, progress, cancellation);
}
