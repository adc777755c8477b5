namespace LogitSeparation.Core.Principle;

/// <summary>
/// The batch cross-entropy as its expectation over the batches of m out of n > m examples. Infimum as for one batch. A pair within one
/// example costs log 2 / n. A pair between two is cheaper, and has no closed form.
/// </summary>
/// <remarks>
/// The loss is convex in the true logits, rises with the false ones, and is the same whatever the order of the other n - 2 examples:
/// these may all be 0, without false logits. Left are the first example's true logit σ = log s, which the second's false one equals,
/// and the second's own true logit π = log p. Of the batches some have the first alone, as many the second alone, some both; with
/// a = n - m, b = m - 1, r = (n-1)/m the loss is m / (n(n-1)) times
/// F = a log((s + m-1)/m) + a log((p + s + m-1)/m) + b log((2s + p + m-2)/m) - r (σ + π).
/// Each logarithm is bounded from below by Σ λ_j (x_j + log w_j - log λ_j) for any shares λ (Gibbs' inequality); shares for which σ and π
/// cancel give a bound without them, whatever they are, and those of the minimum give the minimum itself.
/// With ε above 0 there is a bound only: a batch with both examples exceeds the infimum as one batch does, the others may not at all.
/// </remarks>
internal static class BatchCrossEntropySample
{
    public static AlignmentProof Analyse(AlignmentProblem problem)
    {
        var (m, n, epsilon) = (problem.BatchSize, problem.ExampleCount, problem.Options.Epsilon);
        var minimum = new BatchCrossEntropyMinimum(m, n);
        var share = (Enclosure)m / ((Enclosure)n * (n - 1));
        if (epsilon == 0)
        {
            // Within one example it is log 2 / n, which the tie between two reaches too where n = m.
            var least = Enclosure.Min(minimum.LowerBound() * share, Enclosure.Log(2) / n).AsLowerBound();
            return Proof(problem, minimum.Sigma, minimum.Pi, least, (minimum.Value * share).Value);
        }

        var excess = (BatchCrossEntropyAlignment.Excess(m, epsilon) * (m - 1) * share).AsLowerBound();
        var tie = BatchCrossEntropyAlignment.Tie(m, epsilon);
        var (atMinimum, atTie) = (ExcessWith(minimum.Sigma, minimum.Pi, m, n, epsilon), ExcessWith(tie, 0, m, n, epsilon));
        var proof = atMinimum <= atTie
            ? Proof(problem, minimum.Sigma, minimum.Pi, excess, atMinimum)
            : Proof(problem, tie, 0, excess, atTie);
        return proof with { Note = "With -Epsilon the expectation over batches is only bounded: the true critical value lies between." };
    }

    private static AlignmentProof Proof(AlignmentProblem problem, double sigma, double pi, Enclosure excess, double attained)
    {
        var labels = problem.LabelsInTurn();
        var below = sigma + AlignmentProblem.Negligible;
        return new()
        {
            Infimum = BatchCrossEntropyAlignment.Infimum(problem.BatchSize, problem.Options.Epsilon),
            Excess = excess,
            LeastExcess = excess,
            AttainedExcess = attained,
            Evidence = AlignmentEvidence.Certified,
            Configuration = new(
                labels, problem.ClassCount, new(0, below), ViolatingPair.First(labels), sigma, [(0, new(sigma, below)), (1, new(pi, below))]),
        };
    }

    /// <summary>The expectation's excess over -log(1 + m ε) at given logits.</summary>
    private static double ExcessWith(double sigma, double pi, int m, int n, double epsilon)
    {
        var (s, p) = (Math.Exp(sigma), Math.Exp(pi));
        var (one, both) = ((double)(n - m), (double)(m - 1));
        var sum = (one * Batch(s + m - 1, m - 1, s)) + (one * Batch(p + s + m - 1, m - 1, p)) + (both * Batch((2 * s) + p + m - 2, m - 2, s, p));
        return sum / ((double)n * (n - 1));

        // -Σ log((Q_i + ε) m / (1 + m ε)) of a batch of m, whose examples but those named are at 0.
        double Batch(double normalizer, int others, params ReadOnlySpan<double> named)
        {
            var batch = others * Term(1 / normalizer);
            foreach (var exponential in named)
                batch += Term(exponential / normalizer);
            return batch;
        }

        double Term(double share) => -Math.Log((share + epsilon) * m / (1 + (m * epsilon)));
    }
}
