namespace LogitSeparation.Core.Principle;

/// <summary>
/// The binary cross-entropy: each logit has a term of its own, log(1 + e^-a) for a true logit a, log(1 + e^b) for a false one b, so that
/// the infimum is 0. The first falls and the second rises, so that of a ≤ b the best is a tie, and log(1 + e^-a) + log(1 + e^a) is
/// least at 0: 2 log 2, whether the two are of one example or not. The mean over n examples makes 2 log 2 / n.
/// </summary>
internal static class BinaryCrossEntropyAlignment
{
    public static AlignmentProof Analyse(AlignmentProblem problem)
    {
        var labels = problem.LabelsInTurn();
        var pair = ViolatingPair.First(labels);
        var excess = 2 * Enclosure.Log(2) / problem.ExampleCount;
        return new()
        {
            Infimum = 0,
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = excess.Value,
            Configuration = new(
                labels, problem.ClassCount, new(-AlignmentProblem.Negligible, AlignmentProblem.Negligible), pair, 0,
                [(pair.TrueExample, new(0, AlignmentProblem.Negligible))]),
        };
    }
}
