namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>What two losses are compared over.</summary>
public enum Pairing
{
    /// <summary>Runs with the same seed, and so with the same initial weights and batches: says something about training anew.</summary>
    Seed,

    /// <summary>Classes, each with the mean over the runs: says something about other classes, and about these models only.</summary>
    Class,

    /// <summary>Bootstrap resamples of the same examples: says something about other examples, and about these models only.</summary>
    Example,
}
