namespace LogitSeparation.Core.Latency;

/// <summary>The classes that are asked for: the same ones of every method.</summary>
internal sealed class ClassDraws
{
    private readonly double[]? _frequencies;
    private readonly int _classCount;
    private readonly int[] _classes;

    /// <summary>Draws classes.</summary>
    /// <param name="frequencies">How frequent the classes are.</param>
    /// <param name="draw">Whether that matters here.</param>
    /// <param name="count">How many are drawn.</param>
    /// <param name="seed">Decides which.</param>
    public ClassDraws(double[] frequencies, ClassDraw draw, int count, int seed)
    {
        var random = new SplitMix64(StreamSeed.Derive(seed, StreamSeed.LatencyClasses, 0));
        (_classCount, _classes) = (frequencies.Length, new int[count]);
        if (draw == ClassDraw.Uniform)
        {
            foreach (ref var j in _classes.AsSpan())
                j = random.Next(frequencies.Length);
            return;
        }

        _frequencies = frequencies;
        var cumulative = new double[frequencies.Length];
        var sum = 0.0;
        for (var j = 0; j < cumulative.Length; j++)
            cumulative[j] = sum += frequencies[j];
        foreach (ref var j in _classes.AsSpan())
            j = Find(cumulative, random.NextDouble() * sum);
    }

    /// <summary>The classes in the order in which they are asked for.</summary>
    public ReadOnlySpan<int> Classes => _classes;

    /// <summary>The exact mean of a number over the classes, each as likely as it is to be drawn.</summary>
    /// <param name="number">The number of a class.</param>
    public double Mean(Func<int, long> number)
    {
        var (sum, total) = (0.0, 0.0);
        for (var j = 0; j < _classCount; j++)
        {
            var weight = _frequencies?[j] ?? 1;
            (sum, total) = (sum + (weight * number(j)), total + weight);
        }

        return sum / total;
    }

    // The first class whose cumulative frequency is above the number: one that never occurs is not drawn.
    private static int Find(double[] cumulative, double number)
    {
        var (low, high) = (0, cumulative.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (cumulative[middle] > number)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
