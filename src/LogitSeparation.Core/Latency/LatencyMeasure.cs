using System.Globalization;

namespace LogitSeparation.Core.Latency;

/// <summary>What one way to answer costs, for one size.</summary>
public sealed record LatencyMeasure
{
    /// <summary>What was computed.</summary>
    public required LatencyMethod Method { get; init; }

    /// <summary>The number of classes, k.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The number of features, d.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>The number of examples of a call.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Where the weights were before a call.</summary>
    public required CacheState Memory { get; init; }

    /// <summary>The time of a call in nanoseconds: the median over rounds. Null where it was not measured; <see cref="Note"/> says why.</summary>
    public double? Nanoseconds { get; init; }

    /// <summary>The lower quartile over rounds.</summary>
    public double? LowerQuartile { get; init; }

    /// <summary>The upper quartile over rounds.</summary>
    public double? UpperQuartile { get; init; }

    /// <summary>The time for each example of the batch.</summary>
    public double? NanosecondsPerExample => Nanoseconds / BatchSize;

    /// <summary>The number of rounds; each asks for a class of its own.</summary>
    public int RoundCount { get; init; }

    /// <summary>The number of calls of a round: 1 where memory is cold, and so many that the clock's steps do not matter where it is warm.</summary>
    public long CallCount { get; init; }

    /// <summary>The multiplications with an addition of a call: exact, as the mean over the classes that are asked for.</summary>
    public required double MultiplyAddCount { get; init; }

    /// <summary>The bytes of weights that a call reads, as the mean over the classes that are asked for.</summary>
    public required double WeightBytes { get; init; }

    /// <summary>The bytes of memory that all weights of the method take.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The number of threads that computed.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>How the method was set up, where there was something to choose: cutoffs, depths, partitions.</summary>
    public string Setup { get; init; } = "";

    /// <summary>The model whose trunk and head these are; null for weights drawn at random.</summary>
    public string? Model { get; init; }

    /// <summary>The processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Why nothing was measured; null where it was.</summary>
    public string? Note { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Method}, k = {ClassCount}, d = {FeatureCount}, batch {BatchSize}, {Memory}: {(Nanoseconds is { } time ? $"{time:G4} ns" : Note)}");
}
