using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Logits in rising order that can be counted up to a value in about constant time: a table of equal intervals says where the
/// search has to begin.
/// </summary>
internal sealed class SortedLogits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FewestIntervals = 1 << 8;
    private const int MostIntervals = 1 << 18;

    /// <summary>Steps forward before a search is cheaper.</summary>
    private const int MostSteps = 4;

    private readonly T[] _distinct;
    private readonly int[] _upTo;
    private readonly int[] _starts;
    private readonly EqualIntervals<T> _intervals;

    /// <summary>Sorts a copy.</summary>
    /// <param name="logits">At least one, none NaN.</param>
    public SortedLogits(T[] logits)
    {
        Sorted = (T[])logits.Clone();
        Array.Sort(Sorted);
        (_distinct, _upTo) = Distinct(Sorted);
        var intervals = Math.Clamp((int)BitOperations.RoundUpToPowerOf2(4 * (uint)Math.Min(logits.Length, MostIntervals)), FewestIntervals, MostIntervals);
        _intervals = EqualIntervals<T>.For(Sorted, intervals);
        _starts = new int[intervals + 1];
        foreach (var logit in _distinct.AsSpan(0, _distinct.Length - 1))
            _starts[_intervals.Of(logit) + 1]++;
        for (var i = 0; i < intervals; i++)
            _starts[i + 1] += _starts[i];
    }

    /// <summary>All, in rising order.</summary>
    public T[] Sorted { get; }

    /// <summary>The smallest of all.</summary>
    public T Smallest => Sorted[0];

    /// <summary>The number of logits that are at most a value.</summary>
    /// <param name="value">Any value but NaN.</param>
    public int CountUpTo(T value) => CountUpTo(value, _intervals.Of(value));

    /// <summary>The sum of <see cref="CountUpTo(T)"/> over values.</summary>
    /// <param name="values">None NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long SumCountsUpTo(ReadOnlySpan<T> values)
    {
        var vectors = MemoryMarshal.Cast<T, Vector256<T>>(values);
        var smallest = Vector256.Create(Smallest);
        Span<int> intervals = stackalloc int[Vector256<int>.Count];
        var (from, scale, last) = (Vector256.Create(_intervals.From), Vector256.Create(_intervals.Scale), Vector256.Create(_intervals.Last));
        long sum = 0;
        for (var v = 0; v < vectors.Length; v++)
        {
            if (!Vector256.GreaterThanOrEqualAny(vectors[v], smallest))
                continue;
            EqualIntervals<T>.Of(vectors[v], from, scale, last, intervals);
            var lanes = values.Slice(v * Vector256<T>.Count, Vector256<T>.Count);
            for (var lane = 0; lane < lanes.Length; lane++)
                sum += CountUpTo(lanes[lane], intervals[lane]);
        }

        foreach (var value in values[(vectors.Length * Vector256<T>.Count)..])
            sum += CountUpTo(value);
        return sum;
    }

    /// <summary>Distinct logits, closed by a NaN that ends every step forward, and how many logits are below each.</summary>
    private static (T[] Distinct, int[] UpTo) Distinct(T[] sorted)
    {
        var distinct = new List<T>(sorted.Length + 1);
        var below = new List<int>(sorted.Length + 1);
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i] == sorted[i - 1])
                continue;
            distinct.Add(sorted[i]);
            below.Add(i);
        }

        distinct.Add(T.NaN);
        below.Add(sorted.Length);
        return ([.. distinct], [.. below]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CountUpTo(T value, int interval)
    {
        ref var distinct = ref MemoryMarshal.GetArrayDataReference(_distinct);
        var next = _starts[interval];
        next += Unsafe.Add(ref distinct, next) <= value ? 1 : 0;
        if (Unsafe.Add(ref distinct, next) <= value)
            next = Search(value, next + 1, _starts[interval + 1]);
        return _upTo[next];
    }

    /// <summary>The first distinct logit above a value.</summary>
    private int Search(T value, int from, int to)
    {
        for (var step = 0; step < MostSteps; step++, from++)
        {
            if (!(_distinct[from] <= value))
                return from;
        }

        while (from < to)
        {
            var middle = from + (to - from) / 2;
            if (_distinct[middle] <= value)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }
}
