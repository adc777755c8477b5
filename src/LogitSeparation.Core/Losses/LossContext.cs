namespace LogitSeparation.Core.Losses;

/// <summary>What a loss may need to know when it is made.</summary>
/// <param name="Options">The hyperparameters.</param>
/// <param name="ClassCounts">The number of training examples of each of the k classes.</param>
/// <param name="Seed">The seed of the training.</param>
internal sealed record LossContext(LossOptions Options, IReadOnlyList<int> ClassCounts, int Seed);
