namespace LogitSeparation.Core.Evaluation;

/// <summary>Chooses thresholds for single classes: the test z > t of the paper's section 2, with t from labelled examples.</summary>
public static class Thresholds
{
    private const int BlockLength = 1 << 20;

    /// <summary>Chooses a class's threshold among all that make a difference. Equal logits are selected together or not at all.</summary>
    /// <param name="logits">The logits to choose on: a validation split, not the one that is reported.</param>
    /// <param name="classIndex">The class's column, 0 … k-1.</param>
    /// <param name="target">What to choose for; null for <see cref="ThresholdTarget.F1"/>. Among equals the higher threshold wins.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException">
    /// <c>ClassOutOfRange</c>, <c>ClassWithoutPositives</c>, <c>PrecisionUnreachable</c> (names the highest there is),
    /// <c>RecallUnreachable</c> (only where logits are negative infinity), or <c>NaNLogit</c>.
    /// </exception>
    public static ClassThreshold Measure(
        Logits logits, int classIndex, ThresholdTarget? target = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        target ??= ThresholdTarget.F1;
        if (classIndex < 0 || classIndex >= logits.ClassCount)
        {
            throw new SlcException("ClassOutOfRange", SlcErrorKind.NotFound,
                $"There is no class {classIndex}: the {logits.ClassCount} classes are numbered from 0.", classIndex);
        }

        var name = logits.ClassNames[classIndex];
        var (scores, isPositive) = Column(logits, classIndex, cancellationToken);
        var positives = isPositive.Count(positive => positive);
        if (positives == 0)
        {
            throw new SlcException("ClassWithoutPositives", SlcErrorKind.InvalidData,
                $"None of the {logits.Count} examples is of the class '{name}', so no threshold can be chosen for it. Choose on examples that hold the class.", name);
        }

        var candidates = Candidates(scores, isPositive, positives).ToList();
        var best = Choose(candidates, target, name);
        return new ClassThreshold
        {
            Class = name,
            Index = classIndex,
            Target = target,
            Threshold = best.Threshold,
            Precision = best.Precision,
            Recall = best.Recall,
            F1 = best.F1,
            Selected = best.Selected,
            Positives = positives,
            Count = logits.Count,
        };
    }

    /// <summary>A threshold between neighbouring scores, and what it selects.</summary>
    private readonly record struct Candidate(double Threshold, int TruePositives, int Selected, int Positives)
    {
        public double Precision => TruePositives / (double)Selected;

        public double Recall => TruePositives / (double)Positives;

        public double F1 => 2.0 * TruePositives / ((double)Selected + Positives);
    }

    /// <summary>All candidates, from the highest threshold down.</summary>
    private static IEnumerable<Candidate> Candidates(double[] scores, bool[] isPositive, int positives)
    {
        Array.Sort(scores, isPositive);
        var truePositives = 0;
        for (var i = scores.Length - 1; i >= 0; i--)
        {
            truePositives += isPositive[i] ? 1 : 0;
            var next = i == 0 ? double.NegativeInfinity : scores[i - 1];
            // A score equal to the next is selected with it, and nothing selects negative infinity, as z > t is strict.
            if (scores[i] > next)
                yield return new Candidate(Between(next, scores[i]), truePositives, scores.Length - i, positives);
        }
    }

    /// <summary>The middle of two numbers, or the lower where no number lies between: the test z > t still tells them apart.</summary>
    internal static double Between(double lower, double upper)
    {
        var middle = lower / 2 + upper / 2;
        return middle > lower && middle < upper ? middle : lower;
    }

    private static Candidate Choose(List<Candidate> candidates, ThresholdTarget target, string name)
    {
        var value = target.Value ?? 0;
        Candidate? best = target.Measure switch
        {
            ThresholdMeasure.Precision => Best(candidates.Where(item => item.Precision >= value), item => (item.Recall, item.Precision)),
            ThresholdMeasure.Recall => Best(candidates.Where(item => item.Recall >= value), item => (item.Precision, item.Recall)),
            _ => Best(candidates, item => (item.F1, item.Precision)),
        };
        if (best is not null)
            return best.Value;

        if (target.Measure == ThresholdMeasure.Precision)
        {
            throw new SlcException("PrecisionUnreachable", SlcErrorKind.InvalidArgument, FormattableString.Invariant(
                $"No threshold of class '{name}' has a precision of {value}: the highest is {candidates.Select(item => item.Precision).DefaultIfEmpty().Max()}. Ask for less."), name);
        }

        throw new SlcException("RecallUnreachable", SlcErrorKind.InvalidData,
            $"No threshold of class '{name}' reaches {target}: its logits are negative infinity, which no test z > t selects. Leave such examples out.", name);
    }

    private static Candidate? Best(IEnumerable<Candidate> candidates, Func<Candidate, (double First, double Second)> key)
    {
        Candidate? best = null;
        foreach (var candidate in candidates)
        {
            if (best is null || key(candidate).CompareTo(key(best.Value)) > 0)
                best = candidate;
        }

        return best;
    }

    private static (double[] Scores, bool[] IsPositive) Column(Logits logits, int classIndex, CancellationToken cancellationToken)
    {
        var scores = new double[logits.Count];
        if (logits.IsDouble)
            Gather<double>(logits, classIndex, scores, z => z, cancellationToken);
        else
            Gather<float>(logits, classIndex, scores, z => z, cancellationToken);
        var wrong = Array.FindIndex(scores, double.IsNaN);
        if (wrong >= 0)
            throw LogitErrors.NaN(logits, wrong, classIndex);

        return (scores, Array.ConvertAll(logits.Labels.ToArray(), label => label == classIndex));
    }

    private static void Gather<T>(
        Logits logits, int classIndex, double[] scores, Func<T, double> widen, CancellationToken cancellationToken)
        where T : unmanaged
    {
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var values = block.Values.Span;
            for (var row = 0; row < block.RowCount; row++)
                scores[block.FirstRow + row] = widen(values[row * logits.ClassCount + classIndex]);
        }
    }
}
