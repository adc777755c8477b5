using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Principle;

/// <summary>
/// The logit-adjusted cross-entropy, with o_j = τ log π_j: infimum 0. In the paper's family of counterexamples, a true logit a above its own
/// false ones, an example of class y costs log(1 + e^-a Σ_{j≠y} e^(o_j - o_y)), as little as one likes. With one example alone z_y ≤ z_j
/// costs at least log(1 + e^(o_j - o_y)), least for the rarest j, and for the most frequent y where that may be chosen.
/// </summary>
internal static class LogitAdjustedCrossEntropyAlignment
{
    public static AlignmentProof Analyse(AlignmentProblem problem)
    {
        var counts = problem.ClassCounts;
        var offsets = counts is null ? [0] : LogitAdjustedCrossEntropy.Offsets(counts, problem.Options.Tau);
        if (offsets.Length == 1)
            return CrossEntropyAlignment.Analyse(problem);
        return problem.ExampleCount == 1 ? OneExample(problem, offsets) : Counterexample(problem, offsets);
    }

    private static AlignmentProof OneExample(AlignmentProblem problem, double[] offsets)
    {
        int[] labels = problem.Labels ?? [Array.IndexOf(offsets, offsets.Max())];
        var rarest = Enumerable.Range(0, offsets.Length).Where(j => j != labels[0]).MinBy(j => offsets[j]);
        var excess = Enclosure.LogOnePlus(Enclosure.Exp((Enclosure)offsets[rarest] - offsets[labels[0]]));

        // Negligible beside the rarest class too.
        var below = AlignmentProblem.Negligible - (offsets.Max() - offsets.Min());
        return new()
        {
            Infimum = 0,
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = excess.Value,
            Configuration = new(labels, problem.ClassCount, new(0, below), new(0, 0, rarest), 0, []),
            Note = CrossEntropyAlignment.OneExampleNote,
        };
    }

    /// <summary>The paper's family with an excess of at most half of what it has to be below.</summary>
    private static AlignmentProof Counterexample(AlignmentProblem problem, double[] offsets)
    {
        var labels = problem.LabelsInTurn();
        var largest = offsets.Max();
        var total = offsets.Sum(offset => Math.Exp(offset - largest));
        var falseShares = Array.ConvertAll(labels, y => Math.Max(0, (total * Math.Exp(largest - offsets[y])) - 1));

        // log(1 + s e^-a) ≤ s e^-a.
        var a = Math.Max(1, Math.Log(2 * falseShares.Max()) - Math.Log(problem.Below));
        return new()
        {
            Infimum = 0,
            AttainedExcess = falseShares.Average(share => Enclosure.LogOnePlus(share * Math.Exp(-a))),
            Configuration = CounterexampleFamily.Create(problem, a),
        };
    }
}
