namespace LogitSeparation.Core.Principle;

/// <summary>
/// The binary cross-entropy: each logit has a term of its own, log(1 + e^-a) for a true logit a, log(1 + e^b) for a false one b, so that
/// the infimum is 0. The first falls and the second rises, so that of a ≤ b the best is a tie, and log(1 + e^-a) + log(1 + e^a) is
/// least at 0: 2 log 2, whether the two are of one example or not. The mean over n examples makes 2 log 2 / n. Of s z + c in place of z
/// it is the same for any s above 0 and any c, with the tie at z = -c/s.
/// </summary>
internal static class BinaryCrossEntropyAlignment
{
    /// <summary>The loss of the logits themselves.</summary>
    public static AlignmentProof Analyse(AlignmentProblem problem) => Analyse(problem, 1, 0);

    /// <summary>The loss of s z + c.</summary>
    /// <param name="problem">For what batches.</param>
    /// <param name="scale">s, above 0.</param>
    /// <param name="shift">c.</param>
    public static AlignmentProof Analyse(AlignmentProblem problem, double scale, double shift) =>
        OfSeparateTerms(problem, 2 * Enclosure.Log(2), u => (u - shift) / scale);

    /// <summary>A loss that is a sum of f(-z) of true logits and f(z) of false ones, where f rises from 0 and a tie costs least at f(0) twice.</summary>
    /// <param name="problem">For what batches.</param>
    /// <param name="tie">2 f(0).</param>
    /// <param name="logit">The logit that f is to be asked at a number.</param>
    public static AlignmentProof OfSeparateTerms(AlignmentProblem problem, Enclosure tie, Func<double, double> logit)
    {
        var labels = problem.LabelsInTurn();
        var pair = ViolatingPair.First(labels);
        var excess = tie / problem.ExampleCount;
        var below = logit(AlignmentProblem.Negligible);
        return new()
        {
            Infimum = 0,
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = excess.Value,
            Configuration = new(
                labels, problem.ClassCount, new(logit(-AlignmentProblem.Negligible), below), pair, logit(0), [(pair.TrueExample, new(logit(0), below))]),
        };
    }
}
