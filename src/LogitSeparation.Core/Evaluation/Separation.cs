using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>Measures the separation of true from false logits (Definition 2.1).</summary>
public static class Separation
{
    /// <summary>The most violations that can be shown.</summary>
    public const int LargestWitnessCount = 1_000_000;

    /// <summary>
    /// Measures a table in one pass (two where it is not in memory, since the true logits are needed first), with memory O(n + block).
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
        return Evaluator.Measure(logits, new EvaluationRequest(false, false, new MetricsOptions(), witnessCount), cancellationToken).Separation!;
    }

    /// <summary>Refuses a number of witnesses that cannot be shown.</summary>
    internal static void CheckWitnessCount(int witnessCount)
    {
        if (witnessCount is < 0 or > LargestWitnessCount)
        {
            throw new SlcException("WitnessCountOutOfRange", SlcErrorKind.InvalidArgument,
                $"The number of witnesses is {witnessCount}, and 0 to {LargestWitnessCount} can be shown.", witnessCount);
        }
    }

    /// <summary>Puts together what a scan has found.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="trueLogits">Its n true logits.</param>
    /// <param name="scan">A scan that has counted violations.</param>
    internal static SeparationReport Report<T>(Logits logits, T[] trueLogits, TableScan<T> scan)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var minTrue = trueLogits.Min();
        var maxFalse = scan.Rows.LargestFalse.Max();
        // Negative infinity stands for "no false logit" where k = 1, and then nothing contradicts.
        var holds = logits.ClassCount == 1 || minTrue > maxFalse;
        return new SeparationReport
        {
            Dataset = logits.Dataset,
            Split = logits.Split,
            Loss = logits.Loss,
            Seed = logits.Seed,
            LearningRate = logits.LearningRate,
            ExampleCount = logits.Count,
            ClassCount = logits.ClassCount,
            Holds = holds,
            Margin = logits.ClassCount == 1 ? double.PositiveInfinity : Difference(ToDouble(minTrue), ToDouble(maxFalse)),
            MinTrueLogit = ToDouble(minTrue),
            MaxFalseLogit = ToDouble(maxFalse),
            ViolatingPairs = holds ? 0 : scan.Violations!.Count,
            Pairs = CountPairs(logits),
            Witness = holds ? [] : scan.Violations!.Witnesses(logits, trueLogits),
        };
    }

    /// <summary>a - b, and 0 for equals, where infinities would give NaN.</summary>
    internal static double Difference(double a, double b) => a == b ? 0 : a - b;

    private static double ToDouble<T>(T value)
        where T : IBinaryFloatingPointIeee754<T> => double.CreateChecked(value);

    /// <summary>n x n (k - 1).</summary>
    internal static long CountPairs(Logits logits)
    {
        var pairs = (UInt128)logits.Count * (UInt128)logits.Count * (UInt128)(logits.ClassCount - 1);
        return pairs <= long.MaxValue
            ? (long)pairs
            : throw new SlcException("TooManyPairs", SlcErrorKind.InvalidData,
                $"{logits.Count} x {logits.ClassCount} logits make {pairs} pairs, more than {long.MaxValue}. Measure fewer examples.", logits);
    }
}
