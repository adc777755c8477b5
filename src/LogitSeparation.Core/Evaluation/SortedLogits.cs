using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Logits in rising order that can be counted up to a value in about constant time and without a branch: their range is divided into
/// equal intervals, and a value is compared with all logits of its interval at once. Where equal logits crowd an interval, it is
/// compared with the distinct ones.
/// </summary>
internal sealed class SortedLogits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FewestIntervals = 1 << 8;
    private const int MostIntervals = 1 << 18;

    /// <summary>Where an interval begins that has more logits than a vector has lanes, and must be searched: before the first logit.</summary>
    private const int Crowded = 0;

    /// <summary>As many values are looked through again where one of them is in a crowded interval.</summary>
    private const int ValuesAtOnce = 64;

    /// <summary>What is compared at once.</summary>
    private static readonly int Lanes = Vector256<T>.Count;

    /// <summary>All logits between two vectors of NaN, which are not below any value.</summary>
    private readonly T[] _all;

    private readonly int[] _startsOfAll;
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
        T[] nothing = [.. Enumerable.Repeat(T.NaN, Lanes)];
        _all = [.. nothing, .. Sorted, .. nothing];
        var intervals = Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(logits.Length, MostIntervals)), FewestIntervals, MostIntervals);
        _intervals = EqualIntervals<T>.For(Sorted, intervals);
        _starts = Starts(_distinct, intervals);
        _startsOfAll = Starts(_all, intervals);
    }

    /// <summary>All, in rising order.</summary>
    public T[] Sorted { get; }

    /// <summary>The smallest of all.</summary>
    public T Smallest => Sorted[0];

    /// <summary>The number of logits that are at most a value.</summary>
    /// <param name="value">Any value but NaN.</param>
    public int CountUpTo(T value)
    {
        var start = _starts[_intervals.Of(value)];
        return start == Crowded ? Search(value) : _upTo[First(value, start, ref _distinct[0])];
    }

    /// <summary>The sum of <see cref="CountUpTo(T)"/> over values.</summary>
    /// <param name="values">None NaN.</param>
    public long SumCountsUpTo(ReadOnlySpan<T> values)
    {
        long sum = 0;
        while (values.Length >= Lanes)
        {
            var part = values[..Math.Min(ValuesAtOnce, values.Length / Lanes * Lanes)];
            sum += SumCountsUpTo(part, out var isCrowded);
            if (isCrowded)
                sum += SumCrowded(part);
            values = values[part.Length..];
        }

        foreach (var value in values)
            sum += CountUpTo(value);
        return sum;
    }

    /// <summary>What values in crowded intervals add, which were counted as beginning before the first logit.</summary>
    private long SumCrowded(ReadOnlySpan<T> values)
    {
        long sum = 0;
        for (; values.Length > 0; values = values[Lanes..])
        {
            // What lies below all logits was passed over by whole vectors, and is not in the sum that is mended.
            if (!Vector256.GreaterThanOrEqualAny(Vector256.Create(values), Vector256.Create(Smallest)))
                continue;
            foreach (var value in values[..Lanes])
            {
                if (_startsOfAll[_intervals.Of(value)] == Crowded)
                    sum += CountUpTo(value) + Lanes;
            }
        }

        return sum;
    }

    /// <summary>
    /// The sum over whole vectors, in which values in crowded intervals count as -<see cref="Lanes"/>; whether there are such is said. Where an interval
    /// begins and how many of its logits a value reaches are summed apart, the latter lane by lane.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long SumCountsUpTo(ReadOnlySpan<T> values, out bool isCrowded)
    {
        ref var z = ref MemoryMarshal.GetReference(values);
        ref var starts = ref MemoryMarshal.GetArrayDataReference(_startsOfAll);
        ref var all = ref MemoryMarshal.GetArrayDataReference(_all);
        var (from, scale, last) = (Vector256.Create(_intervals.From), Vector256.Create(_intervals.Scale), Vector256.Create(_intervals.Last));
        var smallest = Vector256.Create(Smallest);
        Span<int> found = stackalloc int[Vector256<int>.Count];
        ref var interval = ref MemoryMarshal.GetReference(found);
        var reached = Vector256<int>.Zero;
        // Negative once an interval begins at 0.
        var crowded = 0;
        long sum = 0;
        for (var place = 0; place < values.Length; place += Vector256<T>.Count)
        {
            ref var value = ref Unsafe.Add(ref z, (nuint)(uint)place);
            var vector = Vector256.LoadUnsafe(ref value);
            if (!Vector256.GreaterThanOrEqualAny(vector, smallest))
                continue;
            EqualIntervals<T>.Of(vector, from, scale, last).StoreUnsafe(ref interval);
            // Written out, or each lane would cost a turn of a loop too.
            reached -= Reached(value, interval, ref starts, ref all, ref sum, ref crowded);
            reached -= Reached(Unsafe.Add(ref value, 1), Unsafe.Add(ref interval, 1), ref starts, ref all, ref sum, ref crowded);
            reached -= Reached(Unsafe.Add(ref value, 2), Unsafe.Add(ref interval, 2), ref starts, ref all, ref sum, ref crowded);
            reached -= Reached(Unsafe.Add(ref value, 3), Unsafe.Add(ref interval, 3), ref starts, ref all, ref sum, ref crowded);
            sum -= 4 * Lanes;
            if (Vector256<T>.Count == 4)
                continue;
            reached -= Reached(Unsafe.Add(ref value, 4), Unsafe.Add(ref interval, 4), ref starts, ref all, ref sum, ref crowded);
            reached -= Reached(Unsafe.Add(ref value, 5), Unsafe.Add(ref interval, 5), ref starts, ref all, ref sum, ref crowded);
            reached -= Reached(Unsafe.Add(ref value, 6), Unsafe.Add(ref interval, 6), ref starts, ref all, ref sum, ref crowded);
            reached -= Reached(Unsafe.Add(ref value, 7), Unsafe.Add(ref interval, 7), ref starts, ref all, ref sum, ref crowded);
            sum -= 4 * Lanes;
        }

        isCrowded = crowded < 0;
        // A float64 is two lanes of int32.
        return sum + (Vector256.Sum(reached) / (Unsafe.SizeOf<T>() / sizeof(float)));
    }

    /// <summary>Adds where a value's interval begins, and gives -1 for each of its logits that the value reaches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Reached(T value, int interval, ref int starts, ref T all, ref long sum, ref int crowded)
    {
        var start = Unsafe.Add(ref starts, (nuint)(uint)interval);
        crowded |= start - 1;
        sum += (uint)start;
        // Logits of later intervals are above the value.
        return Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref all, (nuint)(uint)start), Vector256.Create(value)).AsInt32();
    }

    /// <summary>For each interval, where its first logit stands, or <see cref="Crowded"/>.</summary>
    private int[] Starts(T[] padded, int intervals)
    {
        var starts = new int[intervals + 1];
        starts[0] = Lanes;
        foreach (var logit in padded.AsSpan(Lanes..^Lanes))
            starts[_intervals.Of(logit) + 1]++;
        for (var i = 0; i < intervals; i++)
            starts[i + 1] += starts[i];
        for (var i = 0; i < intervals; i++)
            starts[i] = starts[i + 1] - starts[i] > Lanes ? Crowded : starts[i];
        return starts;
    }

    /// <summary>Distinct logits between two vectors of NaN, which are not below any value, and how many logits are below each.</summary>
    private static (T[] Distinct, int[] UpTo) Distinct(T[] sorted)
    {
        var nothing = Enumerable.Repeat(T.NaN, Lanes);
        List<T> distinct = [.. nothing];
        List<int> below = [.. new int[Lanes]];
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i] == sorted[i - 1])
                continue;
            distinct.Add(sorted[i]);
            below.Add(i);
        }

        distinct.AddRange(nothing);
        below.Add(sorted.Length);
        return ([.. distinct], [.. below]);
    }

    /// <summary>The place of the first distinct logit above a value, from where the value's interval begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int First(T value, int start, ref T distinct)
    {
        // Logits of later intervals are above the value.
        var logits = Vector256.LoadUnsafe(ref distinct, (nuint)(uint)start);
        return start + BitOperations.PopCount(Vector256.LessThanOrEqual(logits, Vector256.Create(value)).ExtractMostSignificantBits());
    }

    /// <summary>The count, by halves.</summary>
    private int Search(T value)
    {
        var (from, to) = (Lanes, _distinct.Length - Lanes);
        while (from < to)
        {
            var middle = from + (to - from) / 2;
            (from, to) = _distinct[middle] <= value ? (middle + 1, to) : (from, middle);
        }

        return _upTo[from];
    }
}
