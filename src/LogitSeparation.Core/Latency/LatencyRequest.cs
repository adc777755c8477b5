using System.Globalization;

namespace LogitSeparation.Core.Latency;

/// <summary>What is to be measured.</summary>
public sealed record LatencyRequest
{
    /// <summary>The largest number of classes.</summary>
    public const int MostClasses = 10_000_000;

    /// <summary>The largest number of features.</summary>
    public const int MostFeatures = 1 << 16;

    /// <summary>The largest batch.</summary>
    public const int MostExamples = 1 << 14;

    /// <summary>The largest number of rounds.</summary>
    public const int MostRounds = 100_000;

    /// <summary>What is computed; <see cref="LatencyMethod.Trunk"/> is left out where there is no model.</summary>
    public IReadOnlyList<LatencyMethod> Method { get; init; } = Enum.GetValues<LatencyMethod>();

    /// <summary>The numbers of classes, k; of a model its own.</summary>
    public IReadOnlyList<int> ClassCount { get; init; } = new[] { 10, 1000, 100_000 };

    /// <summary>The numbers of features, d; of a model its own.</summary>
    public IReadOnlyList<int> FeatureCount { get; init; } = new[] { 500 };

    /// <summary>The numbers of examples of a call.</summary>
    public IReadOnlyList<int> BatchSize { get; init; } = new[] { 1 };

    /// <summary>Where the weights are before a call.</summary>
    public IReadOnlyList<CacheState> Memory { get; init; } = Enum.GetValues<CacheState>();

    /// <summary>How many logits are some: of fewer classes all of them.</summary>
    public int SomeCount { get; init; } = 10;

    /// <summary>The number of training examples of each class, or any numbers in their proportion; null for Zipf's law.</summary>
    public IReadOnlyList<double>? ClassFrequency { get; init; }

    /// <summary>s of Zipf's law: the r-th class is as frequent as 1/r^s. With 0 all are alike.</summary>
    public double ZipfExponent { get; init; } = 1;

    /// <summary>
    /// After how many of the most frequent classes adaptive and differentiated softmax begin another part; null for what is cheapest
    /// (adaptive), or for thirds of all examples (differentiated).
    /// </summary>
    public IReadOnlyList<int>? Cutoff { get; init; }

    /// <summary>Which classes are asked for.</summary>
    public ClassDraw Draw { get; init; }

    /// <summary>The number of rounds that the median is taken over, where <see cref="TimeLimit"/> allows.</summary>
    public int RoundCount { get; init; } = 101;

    /// <summary>After this time no further round of a measurement begins, but five are made in any case.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Decides weights, features and classes.</summary>
    public int Seed { get; init; }

    /// <summary>Refuses what cannot be measured.</summary>
    /// <exception cref="SlcException"><c>LatencyOutOfRange</c>, <c>ClassFrequencyInvalid</c>, <c>CutoffInvalid</c>.</exception>
    internal void Validate()
    {
        Check(nameof(ClassCount), ClassCount, 2, MostClasses);
        Check(nameof(FeatureCount), FeatureCount, 1, MostFeatures);
        Check(nameof(BatchSize), BatchSize, 1, MostExamples);
        Check(nameof(SomeCount), [SomeCount], 1, MostClasses);
        Check("Repetition", [RoundCount], 1, MostRounds);
        if (!(ZipfExponent is >= 0 and <= 10))
            throw OutOfRange(nameof(ZipfExponent), ZipfExponent, "0 to 10");
        if (!(TimeLimit > TimeSpan.Zero))
            throw OutOfRange(nameof(TimeLimit), TimeLimit.TotalSeconds, "above 0");
        CheckFrequency();
        foreach (var k in ClassCount)
            CheckCutoff(k);
    }

    private static void Check(string name, IEnumerable<int> values, int least, int most)
    {
        foreach (var value in values)
        {
            if (value < least || value > most)
                throw OutOfRange(name, value, string.Create(CultureInfo.InvariantCulture, $"{least} to {most}"));
        }
    }

    private void CheckFrequency()
    {
        if (ClassFrequency is null)
            return;
        if (ClassCount.Any(k => k != ClassFrequency.Count))
        {
            throw new SlcException("ClassFrequencyInvalid", SlcErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"-ClassFrequency has {ClassFrequency.Count} numbers, but -ClassCount asks for {string.Join(", ", ClassCount)} classes. Give one for each class, or leave it out for Zipf's law."),
                nameof(ClassFrequency));
        }

        if (ClassFrequency.Any(value => !double.IsFinite(value) || value < 0) || !(ClassFrequency.Sum() is > 0 and < double.PositiveInfinity))
        {
            throw new SlcException("ClassFrequencyInvalid", SlcErrorKind.InvalidArgument,
                "-ClassFrequency needs finite numbers of at least 0, not all of them 0.", nameof(ClassFrequency));
        }
    }

    private void CheckCutoff(int k)
    {
        if (Cutoff is null)
            return;
        if (FeatureCount.Any(d => d <= Cutoff.Count))
        {
            throw new SlcException("CutoffInvalid", SlcErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"-Cutoff has {Cutoff.Count} numbers, which make {Cutoff.Count + 1} parts, and {FeatureCount.Min()} features are too few for that."), nameof(Cutoff));
        }

        var previous = 0;
        foreach (var cutoff in Cutoff)
        {
            if (cutoff <= previous || cutoff >= k)
            {
                throw new SlcException("CutoffInvalid", SlcErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                    $"-Cutoff is {string.Join(", ", Cutoff)}, but its numbers have to rise between 1 and {k - 1} where there are {k} classes."), nameof(Cutoff));
            }

            previous = cutoff;
        }
    }

    private static SlcException OutOfRange(string name, object value, string expected) =>
        new("LatencyOutOfRange", SlcErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"-{name} is {value}, but has to be {expected}."), name);
}
