namespace LogitSeparation.Core.Principle;

/// <summary>
/// Noise-contrastive estimation with the expectation taken exactly. With c_j = t q(j) a true logit a costs
/// τ_c(a) = log(1 + c e^-a) + c log(1 + e^a / c), since the expectation has the true class in it, and a false logit b costs
/// φ_d(b) = d log(1 + e^b / d): each logit has terms of its own. The infimum of an example is τ_c(0) = h(c) = log(1 + c) + c log(1 + 1/c).
/// </summary>
/// <remarks>
/// τ_c is convex and least at 0, φ_d rises, so that the best violation is a tie at some a ≤ 0, and e^a is the root of
/// (c + d) x² + c (2d - 1) x - c d = 0. For c = d that is 1/2 whatever c, and the excess is h(2c) - h(c). The excess rises with c
/// and with d, the infimum with c: so the smallest critical value has all labels the rarest class and the tie with the second rarest
/// (to give one example another label, so as to tie the rarest class with itself, costs more than it gains). A class with q = 0 has no
/// false logits to pay for: not aligned then.
/// </remarks>
internal static class NoiseContrastiveAlignment
{
    public static AlignmentProof Analyse(AlignmentProblem problem)
    {
        var noise = NoiseClasses.Of(problem);
        if (noise.Absent is { } absent)
            return Counterexample(problem, noise, absent);

        var labels = problem.Labels ?? Repeated(noise.Rarest, problem.ExampleCount);
        var pair = CheapestPair(labels, noise);
        var (c, d) = (noise.Weight(labels[pair.TrueExample]), noise.Weight(pair.FalseClass));
        var tie = Tie(c, d);
        var excess = Excess(c, d, tie) / problem.ExampleCount;
        return new()
        {
            Infimum = noise.Infimum(labels),
            Excess = excess,
            LeastExcess = LeastExcess(noise, problem.ExampleCount),
            ClassInfimum = noise.IsUniform ? null : [.. Enumerable.Range(0, problem.ClassCount).Select(j => Infimum(noise.Weight(j)))],
            AttainedExcess = excess.Value,
            Configuration = new(
                labels, problem.ClassCount, new(0, AlignmentProblem.Negligible), pair, Math.Log(tie.Value),
                [(pair.TrueExample, new(Math.Log(tie.Value), AlignmentProblem.Negligible))]),
            Note = problem.Labels is null && !noise.IsUniform
                ? "For the labels of which the critical value is smallest, all of the rarest class; -Label asks for others."
                : null,
        };
    }

    /// <summary>h(c) = log(1 + c) + c log(1 + 1/c): the infimum of an example of class j with c = t q(j); 0 where q(j) = 0.</summary>
    public static Enclosure Infimum(Enclosure c) =>
        c.Upper <= 0 ? 0 : Enclosure.LogOnePlus(c) + (c * Enclosure.LogOnePlus(1 / c));

    /// <summary>The smallest excess whatever the labels: two examples of different classes let the rarest class tie with itself.</summary>
    private static Enclosure LeastExcess(NoiseClasses noise, int n)
    {
        var (rarest, second) = (noise.Weight(noise.Rarest), noise.Weight(noise.SecondRarest));
        var least = n > 1
            ? Excess(rarest, rarest, Tie(rarest, rarest))
            : Enclosure.Min(Excess(rarest, second, Tie(rarest, second)), Excess(second, rarest, Tie(second, rarest)));
        return least / n;
    }

    /// <summary>
    /// The rarest label's true logit, and the rarest class that is false for some example: of another example than the first where
    /// there is one.
    /// </summary>
    private static ViolatingPair CheapestPair(int[] labels, NoiseClasses noise)
    {
        var trueExample = 0;
        for (var i = 1; i < labels.Length; i++)
        {
            if (noise.Weight(labels[i]).Value < noise.Weight(labels[trueExample]).Value)
                trueExample = i;
        }

        var isOneClass = Array.TrueForAll(labels, label => label == labels[0]);
        var falseClass = isOneClass && labels[0] == noise.Rarest ? noise.SecondRarest : noise.Rarest;
        var host = Enumerable.Range(0, labels.Length).Where(i => labels[i] != falseClass).OrderBy(i => i == trueExample).First();
        return new(trueExample, host, falseClass);
    }

    /// <summary>The root x = e^a, by the form in which nothing cancels.</summary>
    private static Enclosure Tie(Enclosure c, Enclosure d)
    {
        var linear = c * ((2 * d) - 1);
        var root = Enclosure.Sqrt((linear * linear) + (4 * (c + d) * c * d));
        return linear.Value > 0 ? 2 * c * d / (linear + root) : (root - linear) / (2 * (c + d));
    }

    /// <summary>τ_c(log x) + φ_d(log x) - h(c).</summary>
    private static Enclosure Excess(Enclosure c, Enclosure d, Enclosure x) =>
        Enclosure.LogOnePlus(c / x) + (c * Enclosure.LogOnePlus(x / c)) + (d * Enclosure.LogOnePlus(x / d)) - Infimum(c);

    /// <summary>Every logit where it costs least; the absent class's may then lie anywhere.</summary>
    private static AlignmentProof Counterexample(AlignmentProblem problem, NoiseClasses noise, int absent)
    {
        var labels = problem.Labels ?? Repeated(noise.Rarest, problem.ExampleCount);
        var host = Array.FindIndex(labels, label => label != absent);
        var others = new RowLogits(0, AlignmentProblem.Negligible);

        // Where all examples are of the absent class, their true logits are free in place of a false one.
        var configuration = host >= 0
            ? new ViolatingLogits(labels, problem.ClassCount, others, new(0, host, absent), 1, [])
            : new ViolatingLogits(
                labels, problem.ClassCount, others, new(0, 0, ViolatingPair.AnyFalseClass(absent)), AlignmentProblem.Negligible,
                [(0, new(AlignmentProblem.Negligible - 1, AlignmentProblem.Negligible))]);
        return new()
        {
            Infimum = noise.Infimum(labels),
            AttainedExcess = 0,
            Configuration = configuration,
            Note = $"Class {absent} never occurs as noise (q = 0), so that its false logits cost nothing.",
        };
    }

    private static int[] Repeated(int label, int count)
    {
        var labels = new int[count];
        Array.Fill(labels, label);
        return labels;
    }
}
