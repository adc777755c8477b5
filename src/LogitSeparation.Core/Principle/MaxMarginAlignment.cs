namespace LogitSeparation.Core.Principle;

/// <summary>
/// The max-margin loss: infimum 0, which is attained. With one example alone z_y ≤ z_j costs at least γ, and a tie just that. With more
/// it is not aligned: the paper's family at a = γ costs nothing.
/// </summary>
internal static class MaxMarginAlignment
{
    public static AlignmentProof Analyse(AlignmentProblem problem) =>
        problem.ExampleCount == 1
        ? OneExample(problem, problem.Options.Gamma) with { Note = CrossEntropyAlignment.OneExampleNote }
        : Counterexample(problem);

    /// <summary>One example whose true and false logits are all equal.</summary>
    /// <param name="problem">With n = 1.</param>
    /// <param name="excess">What that costs.</param>
    public static AlignmentProof OneExample(AlignmentProblem problem, Enclosure excess)
    {
        var labels = problem.LabelsInTurn();
        return new()
        {
            Infimum = 0,
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = excess.Value,
            Configuration = new(labels, problem.ClassCount, new(0, 0), ViolatingPair.First(labels), 0, []),
        };
    }

    /// <summary>The paper's family with every margin just met.</summary>
    public static AlignmentProof Counterexample(AlignmentProblem problem) => new()
    {
        Infimum = 0,
        AttainedExcess = 0,
        Configuration = CounterexampleFamily.Create(problem, problem.Options.Gamma),
    };
}
