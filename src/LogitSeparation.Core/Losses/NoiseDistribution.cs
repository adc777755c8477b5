namespace LogitSeparation.Core.Losses;

/// <summary>The noise distribution q over the classes (section 4.2), and draws from it that depend on nothing but seed and step.</summary>
internal sealed class NoiseDistribution
{
    private readonly double[] _cumulative;

    private NoiseDistribution(double[] probabilities)
    {
        Probabilities = probabilities;
        _cumulative = new double[probabilities.Length];
        var sum = 0.0;
        for (var j = 0; j < probabilities.Length; j++)
            _cumulative[j] = sum += probabilities[j];
    }

    /// <summary>q(j), which sum to 1; a class that never occurs has 0.</summary>
    public IReadOnlyList<double> Probabilities { get; }

    /// <summary>Whether all q(j) are equal.</summary>
    public bool IsUniform { get; private init; }

    /// <summary>Whether some q(j) is 0.</summary>
    public bool HasAbsentClass => !IsUniform && Probabilities.Contains(0);

    /// <summary>q(j) = 1/k.</summary>
    public static NoiseDistribution Uniform(int classCount)
    {
        var probabilities = new double[classCount];
        Array.Fill(probabilities, 1.0 / classCount);
        return new(probabilities) { IsUniform = true };
    }

    /// <summary>q(j) = count(j) / n.</summary>
    /// <param name="counts">The number of examples of each class, not all 0.</param>
    public static NoiseDistribution FromCounts(IReadOnlyList<int> counts)
    {
        double n = counts.Sum(count => (long)count);
        return new(counts.Select(count => count / n).ToArray());
    }

    /// <summary>A table of a function of q(j).</summary>
    public ClassTable Tabulate(Func<double, double> function) =>
        new(Probabilities.Take(IsUniform ? 1 : Probabilities.Count).Select(function).ToArray());

    /// <summary>Draws class indices.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed of the training.</param>
    /// <param name="step">The step of the training.</param>
    public long[] Draw(int count, int seed, long step)
    {
        var random = new SplitMix64(StreamSeed.Derive(seed, StreamSeed.Noise, step));
        var draws = new long[count];
        for (var i = 0; i < count; i++)
            draws[i] = IsUniform ? random.Next(Probabilities.Count) : Invert(random.NextDouble());
        return draws;
    }

    /// <summary>The first class whose cumulative probability exceeds u, which is never one with probability 0.</summary>
    private int Invert(double u)
    {
        var scaled = u * _cumulative[^1];
        var index = Array.BinarySearch(_cumulative, scaled);
        index = index < 0 ? ~index : index + 1;
        while (index < _cumulative.Length && Probabilities[index] == 0)
            index++;
        return Math.Min(index, _cumulative.Length - 1);
    }
}
