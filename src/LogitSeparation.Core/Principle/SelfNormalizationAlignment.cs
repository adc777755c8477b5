namespace LogitSeparation.Core.Principle;

/// <summary>
/// Self-normalisation, S - z_y + α S² with S = log Σ_j exp(z_j): infimum 0, approached at z_y = 0. A violation costs one of two things.
/// </summary>
/// <remarks>
/// Within one example: z_y ≤ z_j makes S - z_y at least log 2, and S can be 0: log 2.
/// Between two examples, true logit a of one, false logit b of the other, a ≤ b: the first costs least over S ≥ a, the second is
/// -log(1 - e^(b-S)) + α S², which rises with b, so that a tie at a ≤ 0 is best. With w the distance from the tie to S of the second
/// example, least over a, the two cost together H(w) - log(1 - e^-w), where H is Huber's function: α w²/2 up to w = 1/α (a = -w/2, S = w/2)
/// and w - 1/(2α) beyond. Both parts are convex. The minimum solves α w (e^w - 1) = 1 for α below 1/log 2, and is 2 log 2 - 1/(2α) above,
/// more than log 2. What is cheaper depends on α alone: within one example from about 0.477 on.
/// The lower bound is the second derivative's: it is α at least, so that the minimum of φ is not below φ(w) - φ'(w)² / (2α) for any w.
/// </remarks>
internal static class SelfNormalizationAlignment
{
    private const double LargestDistance = 800;

    /// <param name="problem">For what batches.</param>
    /// <param name="alpha">α, above 0.</param>
    public static AlignmentProof Analyse(AlignmentProblem problem, double alpha)
    {
        var same = Enclosure.Log(2);
        if (problem.ExampleCount == 1 || alpha * Math.Log(2) >= 1)
            return WithinOneExample(problem, same);

        var distance = Distance(alpha);
        var cost = Cost(alpha, distance);
        var least = (cost - Shortfall(alpha, distance)).AsLowerBound();
        return least.Lower >= same.Upper ? WithinOneExample(problem, same) : BetweenTwo(problem, distance, cost.Value, least);
    }

    private static AlignmentProof WithinOneExample(AlignmentProblem problem, Enclosure cost)
    {
        var labels = problem.LabelsInTurn();
        var tie = -Math.Log(2);
        var excess = cost / problem.ExampleCount;
        return new()
        {
            Infimum = 0,
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = excess.Value,
            Configuration = new(
                labels, problem.ClassCount, new(0, AlignmentProblem.Negligible), new(0, 0, ViolatingPair.AnyFalseClass(labels[0])), tie,
                [(0, new(tie, AlignmentProblem.Negligible))]),
        };
    }

    private static AlignmentProof BetweenTwo(AlignmentProblem problem, double distance, double cost, Enclosure least)
    {
        var labels = problem.LabelsInTurn();
        var tie = -distance / 2;
        var below = tie + AlignmentProblem.Negligible;
        var trueLogit = (distance / 2) + Enclosure.LogOnePlus(-Math.Exp(-distance));
        var excess = (least / problem.ExampleCount).AsLowerBound();
        return new()
        {
            Infimum = 0,
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = cost / problem.ExampleCount,
            Evidence = AlignmentEvidence.Certified,
            Configuration = new(
                labels, problem.ClassCount, new(0, below), ViolatingPair.First(labels), tie, [(0, new(tie, below)), (1, new(trueLogit, below))]),
        };
    }

    /// <summary>The solution of α w (e^w - 1) = 1, by bisection of its logarithm, which rises.</summary>
    private static double Distance(double alpha)
    {
        var (low, high) = (0.0, LargestDistance);
        while (true)
        {
            var w = (low + high) / 2;
            if (w == low || w == high)
                return w;
            var excess = Math.Log(alpha) + Math.Log(w) + w + Enclosure.LogOnePlus(-Math.Exp(-w));
            (low, high) = excess < 0 ? (w, high) : (low, w);
        }
    }

    /// <summary>φ(w) = α w²/2 - log(1 - e^-w).</summary>
    private static Enclosure Cost(double alpha, double w) =>
        ((Enclosure)alpha * w * w / 2) - Enclosure.LogOnePlus(-Enclosure.Exp(-w));

    /// <summary>φ'(w)² / (2α): the most by which φ(w) can be above the minimum.</summary>
    private static Enclosure Shortfall(double alpha, double w)
    {
        var decay = Enclosure.Exp(-w);
        var slope = ((Enclosure)alpha * w) - (decay / (1 - decay));
        return slope / alpha * slope / 2;
    }
}
