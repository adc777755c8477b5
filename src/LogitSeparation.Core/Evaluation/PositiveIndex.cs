using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Finds where a score lies among a class's positives, in about constant time and without a branch: the class's range is divided
/// into intervals, and a score is compared with all positives of its interval at once. Made once and read by all threads.
/// </summary>
internal sealed class PositiveIndex<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What is compared at once.</summary>
    private static readonly int Lanes = Vector256<T>.Count;

    private const int IntervalsPerPositive = 2;
    private const int MostIntervals = 1 << 16;

    /// <summary>
    /// Where an interval begins that has more positives than a vector has lanes, and must be searched: a place with nothing but NaN
    /// that no class has.
    /// </summary>
    public const int Crowded = 0;

    /// <summary>Where the intervals of columns begin that are not there: another such place.</summary>
    private static readonly int Nowhere = Crowded + Lanes;

    private readonly T[] _from;
    private readonly T[] _scale;
    private readonly T[] _last;
    private readonly int[] _firstInterval;

    private readonly int[] _firstScore;

    /// <summary>Makes the index.</summary>
    /// <param name="positives">The positive scores of a table.</param>
    public PositiveIndex(ClassPositives<T> positives)
    {
        var k = positives.ClassCount;
        // Longer by a vector, so that the last columns can be loaded with others that are not there.
        var length = k + Lanes;
        (_from, _scale, _last, LowestPositive) = (new T[length], new T[length], new T[length], new T[length]);
        Array.Fill(LowestPositive, T.NaN);
        (_firstInterval, _firstScore) = (new int[k + 1 + Vector256<int>.Count], new int[k + 1]);
        _firstScore[0] = Nowhere + Lanes;
        for (var j = 0; j < k; j++)
        {
            var distinct = positives.Scores(j).Length;
            _firstScore[j + 1] = _firstScore[j] + distinct + Lanes;
            _firstInterval[j + 1] = _firstInterval[j] + IntervalCount(distinct) + 1;
        }

        Scores = new T[_firstScore[k]];
        Scores.AsSpan(Crowded, 2 * Lanes).Fill(T.NaN);
        // One more, where the columns begin that are not there.
        Starts = new int[_firstInterval[k] + 1];
        Starts[^1] = Nowhere;
        for (var j = 0; j < k; j++)
            AddClass(j, positives.Scores(j));
    }

    /// <summary>For each class its lowest positive; NaN, which no score reaches, where it has none, and for a vector of columns more.</summary>
    public T[] LowestPositive { get; }

    /// <summary>Each class's distinct positives, rising, closed by a vector of NaN, which no score is above.</summary>
    public T[] Scores { get; }

    /// <summary>For each interval of a class, where the first of its positives stands in <see cref="Scores"/>, or <see cref="Crowded"/>.</summary>
    public int[] Starts { get; }

    /// <summary>What turns scores of neighbouring classes into their intervals.</summary>
    /// <param name="firstColumn">The first class.</param>
    public ColumnIntervals<T> Intervals(int firstColumn) => new(
        Load(_from, firstColumn), Load(_scale, firstColumn), Load(_last, firstColumn),
        // Eight numbers from here on are there even where a vector of float64 has four lanes: the array is longer by that.
        Vector256.LoadUnsafe(ref _firstInterval[firstColumn]));

    /// <summary>
    /// The bin of a score: the place of the first positive of its class that is not below it, plus that of the first that is above it,
    /// which differ where the score equals a positive. Places run on from class to class, as <see cref="FirstPlace"/> says. It is given
    /// as the bytes that bins of twice the size of a score take before it.
    /// </summary>
    /// <param name="score">The score; for a NaN, or where the interval is <see cref="Crowded"/>, the first bin of the interval.</param>
    /// <param name="start">Where its interval begins.</param>
    /// <param name="scores">The first of <see cref="Scores"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint BinOffset(Vector256<T> score, int start, ref T scores)
    {
        // Positives of later intervals are above the score, and the NaN after them are not below it.
        var u = Vector256.LoadUnsafe(ref scores, (nuint)(uint)start);
        var (below, upTo) = (Vector256.LessThan(u, score), Vector256.LessThanOrEqual(u, score));
        // Of each positive that is counted, sizeof(T) / 2 bits: with AVX2 both comparisons are counted at once.
        var bits = Avx2.IsSupported
            ? BitOperations.PopCount(Avx2.PackSignedSaturate(below.AsInt32(), upTo.AsInt32()).AsByte().ExtractMostSignificantBits())
            : (BitOperations.PopCount(below.ExtractMostSignificantBits()) + BitOperations.PopCount(upTo.ExtractMostSignificantBits())) * (Unsafe.SizeOf<T>() / 2);
        return 4 * ((nuint)(uint)bits + ((nuint)(uint)start * (nuint)Unsafe.SizeOf<T>()));
    }

    /// <summary>The bin of a score, be its interval crowded or not.</summary>
    /// <param name="score">The score, not NaN.</param>
    /// <param name="column">The class, which has positives.</param>
    public int Bin(T score, int column)
    {
        var start = Starts[_firstInterval[column] + Interval(score, column)];
        return start == Crowded ? Search(score, column) : (int)(BinOffset(Vector256.Create(score), start, ref Scores[0]) / (uint)(2 * Unsafe.SizeOf<T>()));
    }

    /// <summary>Whether a score lies in an interval that must be searched.</summary>
    /// <param name="score">The score; a NaN lies in none.</param>
    /// <param name="column">A column; one that is not there, or a class without positives, has no such interval.</param>
    public bool IsCrowded(T score, int column) =>
        !T.IsNaN(score) && column < _firstScore.Length - 1 && Starts[_firstInterval[column] + Interval(score, column)] == Crowded;

    /// <summary>The place of a class's lowest positive.</summary>
    /// <param name="column">The class.</param>
    public int FirstPlace(int column) => _firstScore[column];

    private int Interval(T score, int column) => new EqualIntervals<T>(_from[column], _scale[column], _last[column]).Of(score);

    private static Vector256<T> Load(T[] values, int first) => Vector256.LoadUnsafe(ref values[first]);

    private static int IntervalCount(int distinct) =>
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(distinct, MostIntervals / IntervalsPerPositive)) * IntervalsPerPositive;

    private void AddClass(int j, ReadOnlySpan<T> u)
    {
        var scores = Scores.AsSpan(_firstScore[j].._firstScore[j + 1]);
        u.CopyTo(scores);
        scores[u.Length..].Fill(T.NaN);
        LowestPositive[j] = scores[0];
        var starts = Starts.AsSpan(_firstInterval[j].._firstInterval[j + 1]);
        if (u.IsEmpty)
        {
            starts.Fill(_firstScore[j]);
            return;
        }

        var intervals = EqualIntervals<T>.For(u, IntervalCount(u.Length));
        (_from[j], _scale[j], _last[j]) = (intervals.From, intervals.Scale, intervals.Last);
        foreach (var score in u)
            starts[intervals.Of(score) + 1]++;
        starts[0] = _firstScore[j];
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
        for (var i = 0; i < starts.Length - 1; i++)
            starts[i] = starts[i + 1] - starts[i] > Lanes ? Crowded : starts[i];
    }

    private int Search(T score, int column)
    {
        var (from, to) = (_firstScore[column], _firstScore[column + 1] - Lanes);
        while (from < to)
        {
            var middle = from + (to - from) / 2;
            (from, to) = Scores[middle] < score ? (middle + 1, to) : (from, middle);
        }

        return 2 * from + (Scores[from] == score ? 1 : 0);
    }
}
