using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Training;

/// <summary>What came of training with one loss: a model, and the errors of the learning rates that gave none.</summary>
/// <param name="LossName">The loss.</param>
/// <param name="Model">The trained model; null where no learning rate gave one.</param>
/// <param name="Failure">One error for each learning rate whose run diverged.</param>
public sealed record TrainingResult(string LossName, Model? Model, IReadOnlyList<SlcException> Failure);
