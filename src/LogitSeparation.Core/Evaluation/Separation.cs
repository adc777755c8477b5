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
    /// <param name="byClass">Whether to report on each class by itself too, in the same pass.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException">
    /// <c>LogitsEmpty</c>, <c>NaNLogit</c>, <c>WitnessCountOutOfRange</c>, or <c>TooManyPairs</c>: n x n (k - 1) exceeds 2^63 - 1.
    /// </exception>
    public static SeparationReport Measure(Logits logits, int witnessCount = 5, bool byClass = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return Evaluator.Measure(logits, new EvaluationRequest(false, false, new MetricsOptions(), witnessCount, byClass), cancellationToken).Separation!;
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
        var uniform = scan.Rows.Uniform(trueLogits).Threshold;
        return new SeparationReport
        {
            Dataset = logits.Dataset,
            Split = logits.Split,
            Loss = logits.Loss,
            Seed = logits.Seed,
            LearningRate = logits.LearningRate,
            Setting = logits.Setting,
            Source = logits.Source,
            ExampleCount = logits.Count,
            ClassCount = logits.ClassCount,
            Holds = holds,
            Margin = logits.ClassCount == 1 ? double.PositiveInfinity : Difference(ToDouble(minTrue), ToDouble(maxFalse)),
            MinTrueLogit = ToDouble(minTrue),
            MaxFalseLogit = ToDouble(maxFalse),
            ViolatingPairs = holds ? 0 : scan.Violations!.Count,
            Pairs = CountPairs(logits),
            Witness = holds ? [] : scan.Violations!.Witnesses(logits, trueLogits),
            Removal = holds ? [] : Removal(trueLogits, scan.Rows.LargestFalse, uniform),
            UniformThreshold = uniform,
        };
    }

    /// <summary>Puts together what was counted between the positives of each class.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="positives">The true logits by class; null where they were not asked for.</param>
    /// <param name="gaps">The false logits among them.</param>
    internal static ClassSeparation[]? ByClass<T>(Logits logits, ClassPositives<T>? positives, GapCounts<T>? gaps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (positives is null || gaps is null)
            return null;
        var classes = new ClassSeparation[logits.ClassCount];
        for (var j = 0; j < classes.Length; j++)
        {
            var count = positives.Count(j);
            var minTrue = count == 0 ? double.PositiveInfinity : ToDouble(positives.Scores(j)[0]);
            var maxFalse = ToDouble(gaps.Highest(j));
            var pairs = (long)count * (logits.Count - count);
            classes[j] = new ClassSeparation
            {
                Name = logits.ClassNames[j],
                Index = j,
                Positives = count,
                Holds = pairs == 0 || minTrue > maxFalse,
                Margin = pairs == 0 ? double.PositiveInfinity : Difference(minTrue, maxFalse),
                MinTrueLogit = minTrue,
                MaxFalseLogit = maxFalse,
                ViolatingPairs = CountViolations(positives.Multiplicities(j), gaps[j]),
                Pairs = pairs,
            };
        }

        return classes;
    }

    // From the highest true logit down: those on it and above it are not below it.
    private static long CountViolations(ReadOnlySpan<int> multiplicities, ReadOnlySpan<int> bins)
    {
        var (violating, reached) = (0L, 0L);
        for (var d = multiplicities.Length - 1; d >= 0; d--)
        {
            reached += bins[(2 * d) + 2] + bins[(2 * d) + 1];
            violating += multiplicities[d] * reached;
        }

        return violating;
    }

    private static int[] Removal<T>(T[] trueLogits, T[] largestFalse, double? threshold)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var removed = new List<int>();
        for (var i = 0; i < trueLogits.Length; i++)
        {
            if (threshold is not { } t || !(ToDouble(trueLogits[i]) > t && t >= ToDouble(largestFalse[i])))
                removed.Add(i);
        }

        return [.. removed];
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
