namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>How bootstrap intervals are made.</summary>
public sealed record BootstrapOptions
{
    /// <summary>The fewest replicates that an interval can be read from.</summary>
    public const int FewestReplicates = 20;

    /// <summary>The number of resamples, B.</summary>
    public int ReplicateCount { get; init; } = 1000;

    /// <summary>Decides the resamples: the same seed and labels give the same, whatever the logits and the number of threads.</summary>
    public int Seed { get; init; }

    /// <summary>The share of repetitions in which an interval is to cover the true value.</summary>
    public double ConfidenceLevel { get; init; } = ConfidenceInterval.DefaultLevel;

    /// <summary>How replicates become an interval.</summary>
    public BootstrapMethod Method { get; init; }

    /// <summary>Refuses what no interval can be made with.</summary>
    /// <exception cref="SlcException"><c>ReplicateCountOutOfRange</c>, <c>ConfidenceLevelOutOfRange</c>.</exception>
    internal void Validate()
    {
        ConfidenceInterval.CheckLevel(ConfidenceLevel);
        if (ReplicateCount is < FewestReplicates or > 1_000_000)
        {
            throw new SlcException("ReplicateCountOutOfRange", SlcErrorKind.InvalidArgument,
                $"{ReplicateCount} bootstrap replicates were asked for, but it has to be {FewestReplicates} to 1000000: 1000 is usual.", ReplicateCount);
        }
    }
}
