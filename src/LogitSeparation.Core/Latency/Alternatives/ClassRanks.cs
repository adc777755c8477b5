namespace LogitSeparation.Core.Latency.Alternatives;

/// <summary>
/// The classes in the order of their frequencies, the most frequent first, as methods need them that treat frequent classes differently.
/// </summary>
internal sealed class ClassRanks
{
    // Null where the classes are in order already: then nothing has to be looked up.
    private readonly int[]? _rank;
    private readonly double[] _cumulative;

    /// <summary>Orders classes; of equal ones the first goes first.</summary>
    /// <param name="frequencies">One a class, of any sum above 0.</param>
    public ClassRanks(IReadOnlyList<double> frequencies)
    {
        var k = frequencies.Count;
        var order = Enumerable.Range(0, k).ToArray();
        if (Enumerable.Range(1, k - 1).Any(j => frequencies[j] > frequencies[j - 1]))
        {
            Array.Sort(order, (a, b) => frequencies[b].CompareTo(frequencies[a]) is var sign && sign != 0 ? sign : a.CompareTo(b));
            _rank = new int[k];
            for (var r = 0; r < k; r++)
                _rank[order[r]] = r;
        }

        _cumulative = new double[k + 1];
        for (var r = 0; r < k; r++)
            _cumulative[r + 1] = _cumulative[r] + frequencies[order[r]];
    }

    /// <summary>The number of classes, k.</summary>
    public int Count => _cumulative.Length - 1;

    /// <summary>The place of a class in the order, 0 … k-1.</summary>
    public int this[int j] => _rank is null ? j : _rank[j];

    /// <summary>Which share of all examples the classes of some places have.</summary>
    /// <param name="from">The first place.</param>
    /// <param name="to">The place behind the last.</param>
    public double Share(int from, int to) => (_cumulative[to] - _cumulative[from]) / _cumulative[^1];

    /// <summary>Where the share of the classes before reaches a number first.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>How many classes have it, 1 … k.</returns>
    public int Reach(double share)
    {
        var found = Array.BinarySearch(_cumulative, share * _cumulative[^1]);
        return Math.Clamp(found < 0 ? ~found : found, 1, Count);
    }

    /// <summary>Zipf's law: the r-th class is as frequent as 1/r^s.</summary>
    /// <param name="count">The number of classes.</param>
    /// <param name="exponent">s.</param>
    public static double[] Zipf(int count, double exponent)
    {
        var frequencies = new double[count];
        for (var r = 0; r < count; r++)
            frequencies[r] = Math.Pow(r + 1, -exponent);
        return frequencies;
    }
}
