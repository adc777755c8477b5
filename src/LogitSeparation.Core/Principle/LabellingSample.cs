namespace LogitSeparation.Core.Principle;

/// <summary>
/// The labels and the pairs that a search goes through for a loss that it knows nothing of, which may treat each class in its own way: all where
/// they are few, else a sample that is always the same.
/// </summary>
internal static class LabellingSample
{
    private const int MostInTurn = 6;

    /// <summary>The labels asked for; or the classes in turn, begun so that each comes first once, and all of one class.</summary>
    /// <param name="problem">The problem.</param>
    public static IReadOnlyList<int[]> Labellings(AlignmentProblem problem)
    {
        if (problem.Labels is { } given)
            return [given];
        var (n, k) = (problem.ExampleCount, problem.ClassCount);
        var parts = Math.Min((k + n - 1) / n, MostInTurn);
        var labellings = Enumerable.Range(0, parts)
            .Select(part => (int)((long)part * k / parts))
            .Select(first => Enumerable.Range(first, n).Select(label => label % k).ToArray())
            .ToList();
        if (n > 1)
            labellings.Add(new int[n]);
        return labellings;
    }

    /// <summary>Pairs of a true and a false logit.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="classCount">k.</param>
    /// <param name="most">How many to choose at most; at least 1.</param>
    /// <param name="seed">Decides which.</param>
    public static IEnumerable<ViolatingPair> Pairs(int[] labels, int classCount, int most, int seed)
    {
        var n = labels.Length;
        var count = (long)n * n * (classCount - 1);
        if (count <= most)
            return Enumerable.Range(0, (int)count).Select(i => Pair(labels, classCount, i));
        var random = new SplitMix64(StreamSeed.Derive(seed, StreamSeed.Adversary, 1));
        return Enumerable.Range(0, most).Select(_ => Pair(labels, classCount, (long)(random.NextDouble() * count)));
    }

    private static ViolatingPair Pair(int[] labels, int classCount, long index)
    {
        var (examples, place) = Math.DivRem(index, classCount - 1);
        var (trueExample, falseExample) = ((int)(examples / labels.Length), (int)(examples % labels.Length));
        return new(trueExample, falseExample, place < labels[falseExample] ? (int)place : (int)place + 1);
    }
}
