namespace LogitSeparation.Core.Thresholds;

/// <summary>
/// The numbers of largest logits whose precision is tested, and the share of the allowed error that each test may spend. Both are fixed
/// before the labels are looked at: by the number of examples, the precision and the error alone.
/// </summary>
internal sealed class PromiseRanks
{
    // Entries double: one that is failed by chance is followed by one that is about as likely to pass.
    private const int EntryGrowth = 2;

    // Steps between them cost nothing where they pass, and lose little recall where they do not.
    private const double StepGrowth = 1.02;

    private readonly long[] _entries;
    private readonly double[] _shares;

    /// <summary>Plans the tests.</summary>
    /// <param name="count">The number of examples, n.</param>
    /// <param name="precision">The precision to promise, in (0, 1]; none is promised of 1.</param>
    /// <param name="error">In (0, 1).</param>
    public PromiseRanks(long count, double precision, double error)
    {
        var first = First(count, precision, error);
        var entries = new List<long>();
        for (var size = first; size < count; size *= EntryGrowth)
            entries.Add(size);
        if (first <= count)
            entries.Add(count);
        _entries = [.. entries];

        // The first entries need the most, since few examples show least.
        _shares = [.. _entries.Select((_, i) => error / (Weights(_entries.Length) * (i + 1) * (i + 1)))];
    }

    /// <summary>The tests that have a share of their own; empty where no number of true ones among so few examples would pass.</summary>
    public IEnumerable<(long Size, double Share)> Entries => _entries.Zip(_shares);

    /// <summary>All tests in ascending order; those between entries are passed to only by the one before.</summary>
    public IEnumerable<(long Size, double Share)> All
    {
        get
        {
            for (var i = 0; i < _entries.Length; i++)
            {
                yield return (_entries[i], _shares[i]);
                var end = i + 1 < _entries.Length ? _entries[i + 1] : 0;
                for (var size = Next(_entries[i]); size < end; size = Next(size))
                    yield return (size, 0);
            }
        }
    }

    private static long Next(long size) => (long)Math.Ceiling(size * StepGrowth);

    // The fewest that pass, when all of them are true, with the share that the first of so many entries has: no share goes to a test that cannot pass.
    private static long First(long count, double precision, double error)
    {
        for (var most = 1; precision < 1; most++)
        {
            var needed = Math.Max(1, Math.Ceiling(Math.Log(error / Weights(most)) / Math.Log(precision)));
            if (needed > count)
                break;
            if (needed * Math.Pow(EntryGrowth, most - 1) >= count)
                return (long)needed;
        }

        return long.MaxValue;
    }

    private static double Weights(int count) => Enumerable.Range(1, count).Sum(i => 1.0 / i / i);
}
