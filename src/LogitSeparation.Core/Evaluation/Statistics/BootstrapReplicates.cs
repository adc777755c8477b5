namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>
/// The measures of every resample, kept so that two models can be compared on the same resamples of the same examples.
/// </summary>
/// <param name="Options">How they were drawn.</param>
/// <param name="Labels">A checksum of the labels. With it and the options equal, replicate b is of the same resample.</param>
/// <param name="Values">B values by the measure's name.</param>
internal sealed record BootstrapReplicates(BootstrapOptions Options, ulong Labels, IReadOnlyDictionary<string, double[]> Values)
{
    /// <summary>Whether replicates of the same index are of the same resample of the same examples.</summary>
    public bool IsPairedWith(BootstrapReplicates other) =>
        Labels == other.Labels && Options.Seed == other.Options.Seed && Options.ReplicateCount == other.Options.ReplicateCount;
}
