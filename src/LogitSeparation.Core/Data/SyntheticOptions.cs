using static System.FormattableString;

namespace LogitSeparation.Core.Data;

/// <summary>
/// What a synthetic data set is made of: each class has a centre, drawn uniformly from the sphere of radius <see cref="Separation"/>, and an
/// example is its class's centre plus independent Gaussian noise. Plain values, as they stand in a saved model.
/// </summary>
public sealed record SyntheticOptions
{
    /// <summary>The number of classes, k, from 2.</summary>
    public int ClassCount { get; init; } = 100;

    /// <summary>The number of features, d, from 2.</summary>
    public int Dimension { get; init; } = 64;

    /// <summary>The radius of the sphere, above 0: two centres are about √2 times as far from one another.</summary>
    public double Separation { get; init; } = 10;

    /// <summary>The standard deviation of the noise of each feature, from 0.</summary>
    public double Noise { get; init; } = 1;

    /// <summary>The training examples, validation included; null for 50 a class. The classes take turns.</summary>
    public int? TrainCount { get; init; }

    /// <summary>The test examples; null for 10 a class.</summary>
    public int? TestCount { get; init; }

    /// <summary>Refuses what cannot be made.</summary>
    /// <exception cref="SlcException"><c>InvalidSyntheticOption</c>, naming the parameter.</exception>
    internal void Validate()
    {
        Require(ClassCount is >= 2 and <= 1 << 24, nameof(ClassCount), ClassCount, "a whole number from 2 to 16777216");
        Require(Dimension is >= 2 and <= 1 << 20, nameof(Dimension), Dimension, "a whole number from 2 to 1048576");
        Require(Separation is > 0 and <= 1e6, nameof(Separation), Separation, "a number above 0 and at most 1000000");
        Require(Noise is >= 0 and <= 1e6, nameof(Noise), Noise, "a number from 0 to 1000000");
        Require(TrainCount is null || TrainCount >= ClassCount, nameof(TrainCount), TrainCount, $"at least one example of each of the {ClassCount} classes");
        Require(TestCount is null or >= 1, nameof(TestCount), TestCount, "a whole number of at least 1");
        Require(Rows(TrainCount, 50) + Rows(TestCount, 10) <= 1 << 29, nameof(TrainCount), TrainCount ?? Rows(null, 50), "so many that there are at most 536870912 examples");
    }

    /// <summary>The number of training examples.</summary>
    internal int TrainRows => (int)Rows(TrainCount, 50);

    /// <summary>The number of test examples.</summary>
    internal int TestRows => (int)Rows(TestCount, 10);

    private long Rows(int? count, long perClass) => count ?? (perClass * ClassCount);

    private static void Require(bool holds, string parameter, object? value, string expected)
    {
        if (!holds)
        {
            throw new SlcException("InvalidSyntheticOption", SlcErrorKind.InvalidArgument,
                Invariant($"-{parameter} is {value}, but must be {expected}."), parameter);
        }
    }
}
