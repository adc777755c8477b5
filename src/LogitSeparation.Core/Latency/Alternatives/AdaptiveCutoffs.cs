namespace LogitSeparation.Core.Latency.Alternatives;

/// <summary>
/// Where adaptive softmax begins its tails. Grave et al. (2017) choose what is cheapest on the average over examples; so it is here, by
/// multiply-adds for one class, over numbers of classes in a geometric sequence.
/// </summary>
internal static class AdaptiveCutoffs
{
    private const int MostTails = 3;
    private const int CandidateCount = 40;

    /// <summary>Each tail has a quarter of the features of the part before it.</summary>
    public const int Reduction = 4;

    /// <summary>The number of features of a tail.</summary>
    /// <param name="featureCount">d.</param>
    /// <param name="tail">0, 1, …</param>
    public static int FeaturesOf(int featureCount, int tail) => Math.Max(1, (int)(featureCount / Math.Pow(Reduction, tail + 1)));

    /// <summary>The cheapest cutoffs, rising; empty where no tails are cheapest.</summary>
    /// <param name="ranks">The classes.</param>
    /// <param name="featureCount">d.</param>
    public static int[] Cheapest(ClassRanks ranks, int featureCount)
    {
        var k = ranks.Count;
        int[] candidates = [.. Enumerable.Range(0, CandidateCount).Select(i => (int)Math.Round(Math.Pow(k, (double)i / CandidateCount))).Where(cutoff => cutoff < k).Distinct()];
        var (best, least) = (Array.Empty<int>(), MeanMultiplyAdds(ranks, featureCount, []));
        foreach (var cutoffs in Choices(candidates, MostTails))
        {
            var cost = MeanMultiplyAdds(ranks, featureCount, cutoffs);
            if (cost < least)
                (best, least) = (cutoffs, cost);
        }

        return best;
    }

    /// <summary>The multiply-adds for one class on the average over examples.</summary>
    /// <param name="ranks">The classes.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="cutoffs">Rising.</param>
    public static double MeanMultiplyAdds(ClassRanks ranks, int featureCount, IReadOnlyList<int> cutoffs)
    {
        var shortlist = cutoffs.Count == 0 ? ranks.Count : cutoffs[0];
        var mean = (double)(shortlist + cutoffs.Count) * featureCount;
        for (var tail = 0; tail < cutoffs.Count; tail++)
        {
            var (from, to) = (cutoffs[tail], tail + 1 < cutoffs.Count ? cutoffs[tail + 1] : ranks.Count);
            mean += ranks.Share(from, to) * ((double)featureCount + (to - from)) * FeaturesOf(featureCount, tail);
        }

        return mean;
    }

    // All rising sequences of at most so many of the candidates.
    private static IEnumerable<int[]> Choices(int[] candidates, int most, int first = 0)
    {
        for (var i = first; i < candidates.Length; i++)
        {
            yield return [candidates[i]];
            foreach (var rest in most > 1 ? Choices(candidates, most - 1, i + 1) : [])
                yield return [candidates[i], .. rest];
        }
    }
}
