namespace LogitSeparation.Core.Principle;

/// <summary>
/// Smooth-AP over all logits of a batch, 1/m Σ_i R⁻_i / (R⁺_i + R⁻_i): infimum 0, approached as true and false logits part. A false logit
/// that is not below a true one makes R⁻ of that one at least σ(0) = 1/2, and R⁺ is below m, so that its term is above
/// (1/2) / (m + 1/2): 1 / (m (2m + 1)) in all. A tie comes down to that as the other true logits rise and the other false ones fall.
/// If the two are of two examples of n, m(m-1) / (n(n-1)) of the batches have both, and all others can cost nothing:
/// (m-1) / (n(n-1)(2m+1)). A pair within one example is in m/n of the batches, and costs more. Batches of one example of several never
/// compare two: not aligned.
/// </summary>
internal static class SmoothAveragePrecisionAlignment
{
    public static AlignmentProof Analyse(AlignmentProblem problem)
    {
        var (m, n) = (problem.BatchSize, problem.ExampleCount);
        if (m == 1 && n > 1)
            return Counterexample(problem);
        var ranks = (2 * (Enclosure)m) + 1;
        var excess = m == n ? (Enclosure)1 / (m * ranks) : (Enclosure)(m - 1) / ((Enclosure)n * (n - 1) * ranks);
        var labels = problem.LabelsInTurn();
        var pair = ViolatingPair.First(labels);
        var far = -AlignmentProblem.Negligible * problem.Options.Temperature;
        return new()
        {
            Infimum = 0,
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = excess.Value,
            Configuration = new(labels, problem.ClassCount, new(far, -far), pair, 0, [(pair.TrueExample, new(0, -far))]),
        };
    }

    /// <summary>The paper's family: each example costs s / (1 + s) with s = (k-1) σ(-a/τ), at most half of what it has to be below.</summary>
    private static AlignmentProof Counterexample(AlignmentProblem problem)
    {
        var falseCount = problem.ClassCount - 1;
        var distance = Math.Max(1, Math.Log(2.0 * falseCount) - Math.Log(problem.Below));
        var rank = falseCount / (1 + Math.Exp(distance));
        return new()
        {
            Infimum = 0,
            AttainedExcess = rank / (1 + rank),
            Configuration = CounterexampleFamily.Create(problem, distance * problem.Options.Temperature),
        };
    }
}
