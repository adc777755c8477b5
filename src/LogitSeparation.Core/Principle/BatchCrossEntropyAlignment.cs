namespace LogitSeparation.Core.Principle;

/// <summary>
/// The batch cross-entropy, -1/m Σ log(Q_i + ε) - log m with Q_i the share of example i's true logit in the batch's softmax; ε is 0 in
/// the paper. By concavity the infimum is -log(1 + m ε), at equal shares.
/// </summary>
/// <remarks>
/// A violating pair takes twice the share of its true logit, Q_0: Σ_{i≠0} Q_i + 2 Q_0 ≤ 1. The most of Σ log(Q_i + ε) under that has
/// Q_i + ε = (1 + (m+1) ε) / m and Q_0 + ε half of it, so that the loss is log 2 / m - log(1 + (m+1) ε). Where (m-1) ε exceeds 1 that
/// would make Q_0 negative: it is 0 then, and Q_i = 1/(m-1). So any ε leaves the loss aligned, with a smaller excess. With ε = 0 the critical
/// value is log 2 / m. Whether the pair is of one example or two does not matter. Batches of one example: cross-entropy.
/// </remarks>
internal static class BatchCrossEntropyAlignment
{
    public static AlignmentProof Analyse(AlignmentProblem problem)
    {
        var (m, n, epsilon) = (problem.BatchSize, problem.ExampleCount, problem.Options.Epsilon);
        if (m == 1 && n > 1)
            return SingleExamples(problem, epsilon);
        return n > m ? BatchCrossEntropySample.Analyse(problem) : OneBatch(problem, m, epsilon);
    }

    /// <summary>-log(1 + m ε).</summary>
    public static Enclosure Infimum(int m, double epsilon) => epsilon == 0 ? 0 : -Enclosure.LogOnePlus((Enclosure)m * epsilon);

    /// <summary>The excess of a violating batch over the infimum, at least.</summary>
    public static Enclosure Excess(int m, double epsilon)
    {
        if (epsilon == 0)
            return Enclosure.Log(2) / m;
        if ((m - 1) * epsilon <= 1)
            return (Enclosure.Log(2) / m) - Enclosure.LogOnePlus(epsilon / (1 + ((Enclosure)m * epsilon)));
        var equal = ((Enclosure)1 / m) + epsilon;
        var others = ((Enclosure)1 / (m - 1)) + epsilon;
        return (((m - 1) * Enclosure.Log(equal / others)) + Enclosure.Log(equal / epsilon)) / m;
    }

    /// <summary>log(Q_0 / Q_i) where a violating batch is cheapest.</summary>
    public static double Tie(int m, double epsilon)
    {
        var rest = 1 - ((m - 1) * epsilon);
        return rest > 0 ? Math.Max(AlignmentProblem.Negligible, Math.Log(rest / (2 * (1 + epsilon)))) : AlignmentProblem.Negligible;
    }

    private static AlignmentProof OneBatch(AlignmentProblem problem, int m, double epsilon)
    {
        var labels = problem.LabelsInTurn();
        var (excess, tie) = (Excess(m, epsilon), Tie(m, epsilon));
        var below = tie + AlignmentProblem.Negligible;
        return new()
        {
            Infimum = Infimum(m, epsilon),
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = excess.Value,
            Configuration = new(labels, problem.ClassCount, new(0, below), ViolatingPair.First(labels), tie, [(0, new(tie, below))]),
        };
    }

    /// <summary>The paper's family; log(1 + ε) - log(p + ε) is not above -log p.</summary>
    private static AlignmentProof SingleExamples(AlignmentProblem problem, double epsilon)
    {
        var proof = CrossEntropyAlignment.Counterexample(problem);
        var missing = -Math.Exp(-proof.AttainedExcess!.Value) + 1;
        return proof with
        {
            Infimum = Infimum(1, epsilon),
            AttainedExcess = epsilon == 0 ? proof.AttainedExcess : -Enclosure.LogOnePlus(-missing / (1 + epsilon)),
            Note = "Batches of one example make it the cross-entropy.",
        };
    }
}
