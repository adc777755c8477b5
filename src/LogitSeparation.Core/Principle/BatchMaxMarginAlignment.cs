namespace LogitSeparation.Core.Principle;

/// <summary>
/// The batch max-margin loss: infimum 0, which is attained. A violating pair makes z₊ ≤ z₋ in every batch that has both of its examples,
/// and then the batch's term is at least γ/m. If they are two of n examples, m(m-1) / (n(n-1)) of the batches have both, and all other
/// terms can be 0: γ (m-1) / (n(n-1)) in all, γ/m where n = m. A pair within one example costs 2γ/n, which is never less. With one
/// example alone there is only that; with batches of one example of several the loss is twice the max-margin loss and not aligned.
/// </summary>
internal static class BatchMaxMarginAlignment
{
    public static AlignmentProof Analyse(AlignmentProblem problem)
    {
        var (m, n, gamma) = (problem.BatchSize, problem.ExampleCount, problem.Options.Gamma);
        if (n == 1)
            return MaxMarginAlignment.OneExample(problem, 2 * (Enclosure)gamma);
        if (m == 1)
            return MaxMarginAlignment.Counterexample(problem);

        var labels = problem.LabelsInTurn();
        var excess = m == n
            ? (Enclosure)gamma / m
            : (Enclosure)gamma * (m - 1) / ((Enclosure)n * (n - 1));
        return new()
        {
            Infimum = 0,
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = excess.Value,
            Configuration = new(
                labels, problem.ClassCount, new(gamma, -gamma), ViolatingPair.First(labels), 0, [(0, new(0, -gamma))]),
        };
    }
}
