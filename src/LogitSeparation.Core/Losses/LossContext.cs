using LogitSeparation.Core.Networks;

namespace LogitSeparation.Core.Losses;

/// <summary>What a loss may need to know when it is made.</summary>
/// <param name="Options">The hyperparameters.</param>
/// <param name="ClassCounts">The number of training examples of each of the k classes.</param>
/// <param name="Seed">The seed of the training.</param>
/// <param name="Trained">Values of the loss's own parameters to begin with, by their names in a model; null for those of the options.</param>
internal sealed record LossContext(
    LossOptions Options, IReadOnlyList<int> ClassCounts, int Seed, IReadOnlyDictionary<string, Weight>? Trained = null);
