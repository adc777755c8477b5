namespace LogitSeparation.Core.Principle;

/// <summary>
/// The cross-entropy: infimum 0. With one example alone z_y ≤ z_j makes p_y at most 1/2, so that log 2 is critical. With more it is
/// not aligned: in the paper's family each example costs log(1 + (k-1) e^-a), as little as one likes.
/// </summary>
internal static class CrossEntropyAlignment
{
    /// <summary>What is to be said of losses that look at one example at a time, where there is one alone.</summary>
    public const string OneExampleNote = "Aligned for one example alone: with two or more it is not.";

    public static AlignmentProof Analyse(AlignmentProblem problem) =>
        problem.ExampleCount == 1 ? OneExample(problem) : Counterexample(problem);

    private static AlignmentProof OneExample(AlignmentProblem problem)
    {
        var labels = problem.LabelsInTurn();
        var excess = Enclosure.Log(2);
        return new()
        {
            Infimum = 0,
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = excess.Value,
            Configuration = new(labels, problem.ClassCount, new(0, AlignmentProblem.Negligible), ViolatingPair.First(labels), 0, []),
            Note = OneExampleNote,
        };
    }

    /// <summary>The paper's family with an excess of at most half of what it has to be below.</summary>
    public static AlignmentProof Counterexample(AlignmentProblem problem)
    {
        var falseCount = problem.ClassCount - 1;
        // log(1 + (k-1) e^-a) ≤ (k-1) e^-a.
        var a = Math.Max(1, Math.Log(2.0 * falseCount) - Math.Log(problem.Below));
        return new()
        {
            Infimum = 0,
            AttainedExcess = Enclosure.LogOnePlus(falseCount * Math.Exp(-a)),
            Configuration = CounterexampleFamily.Create(problem, a),
        };
    }
}
