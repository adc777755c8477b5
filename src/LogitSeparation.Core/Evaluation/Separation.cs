using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>Measures the separation of true from false logits (Definition 2.1).</summary>
public static class Separation
{
    private const int LargestWitnessCount = 1_000_000;

    /// <summary>
    /// Measures a table in at most two passes, with memory O(n + block): one finds the extremes; the second, needed only where the
    /// principle does not hold, counts and collects the violations.
    /// </summary>
    /// <param name="logits">n x k logits with labels. Infinities compare as they do.</param>
    /// <param name="witnessCount">The number of violations to show, at most; 0 … 1,000,000.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException">
    /// <c>LogitsEmpty</c>, <c>NaNLogit</c>, <c>WitnessCountOutOfRange</c>, or <c>TooManyPairs</c>: n x n (k - 1) exceeds 2^63 - 1.
    /// </exception>
    public static SeparationReport Measure(Logits logits, int witnessCount = 5, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (witnessCount is < 0 or > LargestWitnessCount)
        {
            throw new SlcException("WitnessCountOutOfRange", SlcErrorKind.InvalidArgument,
                $"The number of witnesses is {witnessCount}, and 0 to {LargestWitnessCount} can be shown.", witnessCount);
        }

        return logits.IsDouble
            ? Measure<double>(logits, witnessCount, cancellationToken)
            : Measure<float>(logits, witnessCount, cancellationToken);
    }

    private static SeparationReport Measure<T>(Logits logits, int witnessCount, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var scan = RowScan<T>.Over(logits, cancellationToken);
        var pairs = CountPairs(logits);
        var minTrue = scan.TrueLogits.Min();
        var maxFalse = scan.LargestFalse.Max();
        // Negative infinity stands for "no false logit" where k = 1, and then nothing contradicts.
        var holds = logits.ClassCount == 1 || minTrue > maxFalse;
        var violations = holds ? null : Violations<T>.Find(logits, scan, witnessCount, cancellationToken);
        return new SeparationReport
        {
            Dataset = logits.Dataset,
            Split = logits.Split,
            Loss = logits.Loss,
            ExampleCount = logits.Count,
            ClassCount = logits.ClassCount,
            Holds = holds,
            Margin = logits.ClassCount == 1 ? double.PositiveInfinity : Difference(ToDouble(minTrue), ToDouble(maxFalse)),
            MinTrueLogit = ToDouble(minTrue),
            MaxFalseLogit = ToDouble(maxFalse),
            ViolatingPairs = violations?.Count ?? 0,
            Pairs = pairs,
            Witness = violations?.Witnesses ?? [],
        };
    }

    /// <summary>a - b, and 0 for equals, where infinities would give NaN.</summary>
    internal static double Difference(double a, double b) => a == b ? 0 : a - b;

    private static double ToDouble<T>(T value)
        where T : IBinaryFloatingPointIeee754<T> => double.CreateChecked(value);

    private static long CountPairs(Logits logits)
    {
        var pairs = (UInt128)logits.Count * (UInt128)logits.Count * (UInt128)(logits.ClassCount - 1);
        return pairs <= long.MaxValue
            ? (long)pairs
            : throw new SlcException("TooManyPairs", SlcErrorKind.InvalidData,
                $"{logits.Count} x {logits.ClassCount} logits make {pairs} pairs, more than {long.MaxValue}. Measure fewer examples.", logits);
    }
}
