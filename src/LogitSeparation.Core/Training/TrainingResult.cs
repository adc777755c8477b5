using LogitSeparation.Core.Networks;

namespace LogitSeparation.Core.Training;

/// <summary>What came of training with one loss: a model, or the error that ended it.</summary>
/// <param name="LossName">The loss.</param>
/// <param name="Model">The trained model; null where training failed.</param>
/// <param name="Failure">Why there is no model; with several learning rates, may accompany a model: the rates that failed.</param>
public sealed record TrainingResult(string LossName, Model? Model, IReadOnlyList<SlcException> Failure);
