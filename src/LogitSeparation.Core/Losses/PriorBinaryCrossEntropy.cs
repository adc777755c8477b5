namespace LogitSeparation.Core.Losses;

/// <summary>
/// The binary cross-entropy of a head whose biases start at -log((1 - π)/π) (Lin et al. 2017, section 3.3), so that each class begins
/// with the probability π. With π = 1/k, which is the best constant where classes are equally frequent, the loss begins near 1 + log k and
/// not at k log 2, most of which the many false logits would make. The loss of given logits is the binary cross-entropy's.
/// </summary>
internal static class PriorBinaryCrossEntropy
{
    public static LossInfo Info { get; } = new(
        "PriorBCE", "binary CE from a prior", "BinaryCE, whose head starts with biases -log((1 - p)/p),  p = Prior (1/k)",
        "Lin et al. 2017, section 3.3", Aligned: true, new[] { "Prior", "NegativeCount" }, LossOrigin.Literature);

    public static Loss Create(LossContext context)
    {
        // With a class alone 1/k has no finite logit.
        var prior = context.Options.Prior ?? (1.0 / Math.Max(2, context.ClassCounts.Count));
        var headBias = -Math.Log((1 - prior) / prior);
        return context.Options.NegativeCount == 0
            ? new BinaryCrossEntropy(headBias)
            : new SampledBinaryCrossEntropy(context.ClassCounts.Count, context.Options.NegativeCount, context.Seed, headBias);
    }
}
