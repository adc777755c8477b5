using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Training;

/// <summary>Trains one model for each loss, from the same initial weights and on the same batches.</summary>
public static class Trainer
{
    /// <summary>
    /// Trains on the calling thread while the result is enumerated; each result is there as soon as its run ends. Cancelling
    /// throws <see cref="OperationCanceledException"/> within a step; abandoning the enumeration frees everything.
    /// </summary>
    /// <param name="dataset">What to train on.</param>
    /// <param name="losses">The names of the losses, in order.</param>
    /// <param name="lossOptions">The hyperparameters of the losses.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops the training.</param>
    public static IEnumerable<TrainingResult> Train(
        Dataset dataset, IReadOnlyList<string> losses, LossOptions lossOptions, TrainingOptions options,
        Action<TrainingProgress>? progress, CancellationToken cancellation) => throw new NotSupportedException();
}
