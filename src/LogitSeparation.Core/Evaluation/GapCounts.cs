using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Counts every negative score of a class into the gap between two of the class's positive scores, or onto the positive it equals.
/// With D distinct positives u_0 &lt; … &lt; u_(D-1) there are 2 D + 1 bins: bin 2 d lies below u_d (and above u_(d-1)), bin 2 d + 1 is
/// u_d itself. Only positives are sorted; a negative costs a comparison, or about a constant time where it is above the lowest
/// positive. Counts are whole numbers, so those of several threads add up to the same whatever the threads did.
/// </summary>
internal sealed class GapCounts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ClassPositives<T> _positives;
    private readonly PositiveIndex<T> _index;
    private readonly int[] _counts;
    private readonly T[] _highest;
    private readonly T[] _highestBelow;

    /// <summary>Starts with no scores.</summary>
    /// <param name="positives">The positive scores of the table.</param>
    /// <param name="index">Their index.</param>
    public GapCounts(ClassPositives<T> positives, PositiveIndex<T> index)
    {
        (_positives, _index) = (positives, index);
        var k = positives.ClassCount;
        _highestBelow = new T[k];
        Array.Fill(_highestBelow, T.NegativeInfinity);
        _counts = new int[2 * index.FirstPlace(k)];
        _highest = new T[_counts.Length];
        Array.Fill(_highest, T.NegativeInfinity);
    }

    /// <summary>A class's 2 D + 1 counts (that of bin 0 after <see cref="Complete"/>); empty for a class without positives.</summary>
    /// <param name="j">The class.</param>
    public ReadOnlySpan<int> this[int j] => _counts.AsSpan(2 * _index.FirstPlace(j), BinCount(j));

    /// <summary>The highest negative score in each of a class's bins; negative infinity in empty ones.</summary>
    /// <param name="j">The class.</param>
    public ReadOnlySpan<T> Highest(int j) => _highest.AsSpan(2 * _index.FirstPlace(j), BinCount(j));

    /// <summary>Adds the negative scores of rows.</summary>
    /// <param name="rows">The rows, none NaN.</param>
    public void Add(in RowGroup<T> rows)
    {
        var j = 0;
        for (; j <= rows.ClassCount - Vector256<T>.Count; j += Vector256<T>.Count)
            AddColumns(rows, j);
        for (; j < rows.ClassCount; j++)
            AddColumn(rows, j);
    }

    /// <summary>Adds what another thread has counted.</summary>
    /// <param name="other">Counts between the same positives.</param>
    public void Add(GapCounts<T> other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
            _highest[i] = Larger(_highest[i], other._highest[i]);
        }

        for (var j = 0; j < _highestBelow.Length; j++)
            _highestBelow[j] = Larger(_highestBelow[j], other._highestBelow[j]);
    }

    /// <summary>Fills in bin 0, which holds all negatives that lie in no other.</summary>
    /// <param name="count">The number of examples, n.</param>
    public void Complete(int count)
    {
        for (var j = 0; j < _highestBelow.Length; j++)
        {
            var bins = _counts.AsSpan(2 * _index.FirstPlace(j), BinCount(j));
            if (bins.IsEmpty)
                continue;
            bins[0] = count - _positives.Count(j);
            foreach (var above in bins[1..])
                bins[0] -= above;
            _highest[2 * _index.FirstPlace(j)] = _highestBelow[j];
        }
    }

    /// <summary>
    /// Adds as many columns as a vector has lanes. In a trained network nearly all scores lie below their class's lowest positive,
    /// and one comparison settles a whole vector. Compiled at once for speed: most sessions measure a table or two.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddColumns(in RowGroup<T> rows, int firstColumn)
    {
        ref var z = ref Unsafe.Add(ref MemoryMarshal.GetReference(rows.Values), firstColumn);
        var lowest = Vector256.LoadUnsafe(ref _index.LowestPositive[firstColumn]);
        var highestBelow = Vector256.LoadUnsafe(ref _highestBelow[firstColumn]);
        Span<int> intervals = stackalloc int[Vector256<int>.Count];
        var k = (nuint)rows.ClassCount;
        for (var row = 0; row < rows.Count; row++)
        {
            var scores = Vector256.LoadUnsafe(ref z, (nuint)row * k);
            var reached = Vector256.GreaterThanOrEqual(scores, lowest);
            var rising = Vector256.AndNot(Vector256.GreaterThan(scores, highestBelow), reached);
            highestBelow = Vector256.ConditionalSelect(rising, scores, highestBelow);
            var lanes = reached.ExtractMostSignificantBits();
            if (lanes == 0)
                continue;
            _index.Intervals(scores, firstColumn, intervals);
            var trueLane = rows.Labels[row] - firstColumn;
            var scoresOfRow = rows.Values.Slice(row * rows.ClassCount + firstColumn, Vector256<T>.Count);
            for (; lanes != 0; lanes &= lanes - 1)
            {
                var lane = BitOperations.TrailingZeroCount(lanes);
                // The positives were counted already: they are where they are by the pass that sorted them.
                if (lane != trueLane)
                    Count(intervals[lane], scoresOfRow[lane]);
            }
        }

        highestBelow.StoreUnsafe(ref _highestBelow[firstColumn]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddColumn(in RowGroup<T> rows, int column)
    {
        var lowest = _index.LowestPositive[column];
        for (var row = 0; row < rows.Count; row++)
        {
            var score = rows.Values[row * rows.ClassCount + column];
            if (score >= lowest)
            {
                if (column != rows.Labels[row])
                    Count(_index.Interval(score, column), score);
            }
            else if (score > _highestBelow[column])
            {
                _highestBelow[column] = score;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Count(int interval, T score)
    {
        var bin = _index.Find(score, interval);
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_counts), bin)++;
        ref var highest = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_highest), bin);
        if (score > highest)
            highest = score;
    }

    /// <summary>2 D + 1; 0 for a class without positives.</summary>
    private int BinCount(int j) => _positives.Count(j) == 0 ? 0 : 2 * _positives.Scores(j).Length + 1;

    private static T Larger(T x, T y) => x > y ? x : y;
}
