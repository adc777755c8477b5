using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Principle;

/// <summary>The expected numbers c_j = t q(j) of noise draws of each class.</summary>
internal sealed class NoiseClasses
{
    private readonly int _noiseCount;
    private readonly int _classCount;
    private readonly IReadOnlyList<int>? _counts;
    private readonly double _total;

    private NoiseClasses(int noiseCount, int classCount, IReadOnlyList<int>? counts)
    {
        (_noiseCount, _classCount, _counts) = (noiseCount, classCount, counts);
        (Rarest, SecondRarest) = (0, 1);
        if (counts is null)
            return;

        _total = counts.Sum(count => (double)count);
        (Rarest, SecondRarest) = TwoRarest(counts);
        var absent = Enumerable.Range(0, classCount).Where(j => counts[j] == 0);
        Absent = absent.Any() ? absent.First() : null;
    }

    /// <summary>Whether all classes are alike.</summary>
    public bool IsUniform => _counts is null;

    /// <summary>The class with the smallest q above 0, the first of equals.</summary>
    public int Rarest { get; }

    /// <summary>The class with the next q; the rarest again where all others are absent.</summary>
    public int SecondRarest { get; }

    /// <summary>The first class with q = 0; null where there is none.</summary>
    public int? Absent { get; }

    /// <summary>The classes of a problem.</summary>
    public static NoiseClasses Of(AlignmentProblem problem) => new(
        problem.Options.NoiseCount, problem.ClassCount, problem.Options.NoisePrior == NoisePrior.Uniform ? null : problem.ClassCounts);

    /// <summary>c_j.</summary>
    public Enclosure Weight(int label) => _counts is null
        ? (Enclosure)_noiseCount / _classCount
        : _counts[label] == 0 ? 0 : (Enclosure)_noiseCount * _counts[label] / _total;

    /// <summary>The infimum of the loss of a batch: the mean of h(c) over its labels.</summary>
    public Enclosure Infimum(int[] labels)
    {
        Enclosure sum = 0;
        foreach (var group in labels.GroupBy(label => IsUniform ? 0 : label))
            sum += group.Count() * NoiseContrastiveAlignment.Infimum(Weight(group.Key));
        return sum / labels.Length;
    }

    private static (int First, int Second) TwoRarest(IReadOnlyList<int> counts)
    {
        var (first, second) = (-1, -1);
        for (var j = 0; j < counts.Count; j++)
        {
            if (counts[j] == 0)
                continue;
            if (first < 0 || counts[j] < counts[first])
                (first, second) = (j, first);
            else if (second < 0 || counts[j] < counts[second])
                second = j;
        }

        return (first, second < 0 ? first : second);
    }
}
