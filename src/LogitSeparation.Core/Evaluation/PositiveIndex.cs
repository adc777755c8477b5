using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Finds where a score lies among a class's positives, in about constant time: the class's range is divided into intervals, and the
/// search begins where the score's interval does. Made once and read by all threads.
/// </summary>
internal sealed class PositiveIndex<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int IntervalsPerPositive = 4;
    private const int MostIntervals = 1 << 16;

    /// <summary>Steps forward before halving is cheaper.</summary>
    private const int MostSteps = 4;

    private readonly T[] _from;
    private readonly T[] _scale;
    private readonly T[] _last;
    private readonly int[] _firstInterval;

    /// <summary>For each interval of a class, where the first of its positives stands in <see cref="_scores"/>.</summary>
    private readonly int[] _starts;
    private readonly int[] _firstScore;

    /// <summary>Each class's distinct positives, rising, closed by a NaN, which no score is above.</summary>
    private readonly T[] _scores;

    /// <summary>Makes the index.</summary>
    /// <param name="positives">The positive scores of a table.</param>
    public PositiveIndex(ClassPositives<T> positives)
    {
        var k = positives.ClassCount;
        (_from, _scale, _last, LowestPositive) = (new T[k], new T[k], new T[k], new T[k]);
        (_firstInterval, _firstScore) = (new int[k + 1 + Vector256<int>.Count], new int[k + 1]);
        for (var j = 0; j < k; j++)
        {
            var distinct = positives.Scores(j).Length;
            _firstScore[j + 1] = _firstScore[j] + distinct + 1;
            _firstInterval[j + 1] = _firstInterval[j] + IntervalCount(distinct) + 1;
        }

        _scores = new T[_firstScore[k]];
        _starts = new int[_firstInterval[k] + 1];
        for (var j = 0; j < k; j++)
            AddClass(j, positives.Scores(j));
    }

    /// <summary>For each class its lowest positive; NaN, which no score reaches, where it has none.</summary>
    public T[] LowestPositive { get; }

    /// <summary>The intervals of scores of neighbouring classes.</summary>
    /// <param name="scores">A score for each class, none NaN.</param>
    /// <param name="firstColumn">The first class.</param>
    /// <param name="found">Room for 8 intervals.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Intervals(Vector256<T> scores, int firstColumn, Span<int> found)
    {
        EqualIntervals<T>.Of(scores, Load(_from, firstColumn), Load(_scale, firstColumn), Load(_last, firstColumn), found);
        // Eight numbers from here on are there even where a vector of float64 has four lanes: the array is longer by that.
        (Vector256.Create<int>(found) + Vector256.LoadUnsafe(ref _firstInterval[firstColumn])).CopyTo(found);
    }

    /// <summary>The interval of one score.</summary>
    /// <param name="score">The score, not NaN.</param>
    /// <param name="column">The class, which has positives.</param>
    public int Interval(T score, int column) =>
        _firstInterval[column] + new EqualIntervals<T>(_from[column], _scale[column], _last[column]).Of(score);

    /// <summary>
    /// Where a score lies: twice the place of the first positive of its class that is not below it, plus one where it equals that.
    /// Places run on from class to class, as <see cref="FirstPlace"/> says.
    /// </summary>
    /// <param name="score">The score, not NaN.</param>
    /// <param name="interval">Its interval, of a class that has positives.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(T score, int interval)
    {
        // Intervals and places are the index's own, and lie within its arrays.
        ref var u = ref MemoryMarshal.GetArrayDataReference(_scores);
        ref var start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_starts), interval);
        var next = start;
        next += Unsafe.Add(ref u, next) < score ? 1 : 0;
        if (Unsafe.Add(ref u, next) < score)
            next = Search(score, next + 1, Unsafe.Add(ref start, 1));
        return 2 * next + (Unsafe.Add(ref u, next) == score ? 1 : 0);
    }

    /// <summary>The place of a class's lowest positive.</summary>
    /// <param name="column">The class.</param>
    public int FirstPlace(int column) => _firstScore[column];

    private static Vector256<T> Load(T[] values, int first) => Vector256.LoadUnsafe(ref values[first]);

    private static int IntervalCount(int distinct) =>
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(distinct, MostIntervals / IntervalsPerPositive)) * IntervalsPerPositive;

    private void AddClass(int j, ReadOnlySpan<T> u)
    {
        var scores = _scores.AsSpan(_firstScore[j].._firstScore[j + 1]);
        u.CopyTo(scores);
        scores[^1] = T.NaN;
        LowestPositive[j] = scores[0];
        if (u.IsEmpty)
            return;
        var intervals = EqualIntervals<T>.For(u, IntervalCount(u.Length));
        (_from[j], _scale[j], _last[j]) = (intervals.From, intervals.Scale, intervals.Last);
        var starts = _starts.AsSpan(_firstInterval[j].._firstInterval[j + 1]);
        foreach (var score in u)
            starts[intervals.Of(score) + 1]++;
        starts[0] = _firstScore[j];
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
    }

    /// <summary>The first positive that is not below a score.</summary>
    private int Search(T score, int from, int to)
    {
        for (var step = 0; step < MostSteps; step++, from++)
        {
            if (!(_scores[from] < score))
                return from;
        }

        while (from < to)
        {
            var middle = from + (to - from) / 2;
            if (_scores[middle] < score)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }
}
