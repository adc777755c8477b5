namespace LogitSeparation.Core.Principle;

/// <summary>
/// The paper's counterexample (section 3), for any number of examples and classes: the logits of one example are lifted, those of another
/// lowered, so that each example is in order and the two are not. Example 0 has its true logit at 2a and false ones at a, example 1 at -a
/// and -2a; all others are like example 0. Every true logit is a above its own false ones.
/// </summary>
internal static class CounterexampleFamily
{
    /// <summary>The logits for one a, above 0.</summary>
    public static ViolatingLogits Create(AlignmentProblem problem, double a)
    {
        var labels = problem.LabelsInTurn();
        var pair = new ViolatingPair(1, 0, ViolatingPair.AnyFalseClass(labels[0]));
        return new(labels, problem.ClassCount, new(2 * a, a), pair, a, [(1, new(-a, -2 * a))]);
    }
}
