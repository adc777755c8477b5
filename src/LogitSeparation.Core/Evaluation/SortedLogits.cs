using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Logits in rising order that can be counted up to a value in about constant time: a table of equal intervals says where the
/// search has to begin. Finding the interval is a subtraction, a multiplication and a rounding, which all keep the order, so the
/// counts are exact.
/// </summary>
internal sealed class SortedLogits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FewestIntervals = 1 << 8;
    private const int MostIntervals = 1 << 18;

    /// <summary>Steps forward before a search is cheaper.</summary>
    private const int MostSteps = 4;

    /// <summary>The intervals reach this many times the span of the middle 98%: an outlier would else leave one for all the rest.</summary>
    private const double Reach = 2;

    private readonly T[] _distinct;
    private readonly int[] _upTo;
    private readonly int[] _starts;
    private readonly T _from;
    private readonly T _scale;
    private readonly T _last;

    /// <summary>Sorts a copy.</summary>
    /// <param name="logits">At least one, none NaN.</param>
    public SortedLogits(T[] logits)
    {
        Sorted = (T[])logits.Clone();
        Array.Sort(Sorted);
        (_distinct, _upTo) = Distinct(Sorted);
        var intervals = Math.Clamp((int)BitOperations.RoundUpToPowerOf2(4 * (uint)Math.Min(logits.Length, MostIntervals)), FewestIntervals, MostIntervals);
        (_from, _scale) = Spread(Sorted, intervals - 1);
        _last = T.CreateChecked(intervals - 1);
        _starts = new int[intervals + 1];
        foreach (var logit in _distinct.AsSpan(0, _distinct.Length - 1))
            _starts[Interval(logit) + 1]++;
        for (var i = 0; i < intervals; i++)
            _starts[i + 1] += _starts[i];
    }

    /// <summary>All, in rising order.</summary>
    public T[] Sorted { get; }

    /// <summary>The smallest of all.</summary>
    public T Smallest => Sorted[0];

    /// <summary>The number of logits that are at most a value.</summary>
    /// <param name="value">Any value but NaN.</param>
    public int CountUpTo(T value) => CountUpTo(value, Interval(value));

    /// <summary>The sum of <see cref="CountUpTo(T)"/> over values.</summary>
    /// <param name="values">None NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long SumCountsUpTo(ReadOnlySpan<T> values)
    {
        var vectors = MemoryMarshal.Cast<T, Vector256<T>>(values);
        var smallest = Vector256.Create(Smallest);
        Span<int> intervals = stackalloc int[Vector256<int>.Count];
        long sum = 0;
        for (var v = 0; v < vectors.Length; v++)
        {
            if (!Vector256.GreaterThanOrEqualAny(vectors[v], smallest))
                continue;
            Intervals(vectors[v], intervals);
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

    private static (T From, T Scale) Spread(T[] sorted, int last)
    {
        var (low, high) = (ToDouble(sorted[sorted.Length / 100]), ToDouble(sorted[^(1 + sorted.Length / 100)]));
        var margin = Reach * (high - low);
        var from = T.CreateTruncating(Math.Max(ToDouble(sorted[0]), low - margin));
        var to = Math.Min(ToDouble(sorted[^1]), high + margin);
        var scale = T.CreateTruncating(last / (to - ToDouble(from)));
        // Where these are not finite (infinite or equal logits) all values fall into one interval.
        return T.IsFinite(scale) && T.IsFinite(from) && scale > T.Zero ? (from, scale) : (T.Zero, T.Zero);
    }

    private static double ToDouble(T value) => double.CreateTruncating(value);

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

    private int Interval(T value)
    {
        Span<int> intervals = stackalloc int[Vector256<int>.Count];
        Intervals(Vector256.Create(value), intervals);
        return intervals[0];
    }

    /// <summary>The intervals of a vector's values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Intervals(Vector256<T> values, Span<int> intervals)
    {
        var position = (values - Vector256.Create(_from)) * Vector256.Create(_scale);
        // Comparisons take the zero for a NaN, which an infinity gives where the scale is 0.
        position = Vector256.ConditionalSelect(Vector256.GreaterThan(position, Vector256<T>.Zero), position, Vector256<T>.Zero);
        var last = Vector256.Create(_last);
        position = Vector256.ConditionalSelect(Vector256.LessThan(position, last), position, last);
        // Adding 2^23 to a float32 (2^52 to a float64) of 0 … 2^18 leaves its rounded value in the lowest bits.
        var rounded = position + Vector256.Create(typeof(T) == typeof(float) ? T.CreateChecked(1 << 23) : T.CreateChecked(1L << 52));
        if (typeof(T) == typeof(float))
        {
            (rounded.AsInt32() & Vector256.Create((1 << 23) - 1)).CopyTo(intervals);
            return;
        }

        var bits = rounded.AsInt64() & Vector256.Create((1L << 52) - 1);
        for (var lane = 0; lane < Vector256<long>.Count; lane++)
            intervals[lane] = (int)bits[lane];
    }
}
