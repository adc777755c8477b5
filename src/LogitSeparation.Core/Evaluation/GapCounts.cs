using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Counts every negative score of a class into the gap between two of the class's positive scores, or onto the positive it equals.
/// With D distinct positives u_0 &lt; … &lt; u_(D-1) there are 2 D + 1 bins: bin 2 d lies below u_d (and above u_(d-1)), bin 2 d + 1 is
/// u_d itself. The cost is O(n log(n / k)) for a class, where sorting all its scores would be O(n log n). Counts are whole numbers,
/// so those of several threads add up to the same whatever the threads did.
/// </summary>
internal sealed class GapCounts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ClassPositives<T> _positives;
    private readonly int[] _firstBin;
    private readonly int[] _counts;
    private readonly T[] _highest;

    /// <summary>For each class its lowest positive; NaN, which no score reaches, where it has none.</summary>
    private readonly T[] _lowestPositive;
    private readonly T[] _highestBelow;

    /// <summary>Starts with no scores.</summary>
    /// <param name="positives">The positive scores of the table.</param>
    public GapCounts(ClassPositives<T> positives)
    {
        _positives = positives;
        var k = positives.ClassCount;
        _firstBin = new int[k + 1];
        _lowestPositive = new T[k];
        _highestBelow = new T[k];
        Array.Fill(_highestBelow, T.NegativeInfinity);
        for (var j = 0; j < k; j++)
        {
            var u = positives.Scores(j);
            _firstBin[j + 1] = _firstBin[j] + (u.IsEmpty ? 0 : 2 * u.Length + 1);
            _lowestPositive[j] = u.IsEmpty ? T.NaN : u[0];
        }

        _counts = new int[_firstBin[k]];
        _highest = new T[_firstBin[k]];
        Array.Fill(_highest, T.NegativeInfinity);
    }

    /// <summary>A class's 2 D + 1 counts (that of bin 0 after <see cref="Complete"/>); empty for a class without positives.</summary>
    /// <param name="j">The class.</param>
    public ReadOnlySpan<int> this[int j] => _counts.AsSpan(_firstBin[j].._firstBin[j + 1]);

    /// <summary>The highest negative score in each of a class's bins; negative infinity in empty ones.</summary>
    /// <param name="j">The class.</param>
    public ReadOnlySpan<T> Highest(int j) => _highest.AsSpan(_firstBin[j].._firstBin[j + 1]);

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
        for (var j = 0; j < _lowestPositive.Length; j++)
        {
            var bins = _counts.AsSpan(_firstBin[j].._firstBin[j + 1]);
            if (bins.IsEmpty)
                continue;
            bins[0] = count - _positives.Count(j);
            foreach (var above in bins[1..])
                bins[0] -= above;
            _highest[_firstBin[j]] = _highestBelow[j];
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
        var lowest = Vector256.LoadUnsafe(ref _lowestPositive[firstColumn]);
        var highestBelow = Vector256.LoadUnsafe(ref _highestBelow[firstColumn]);
        var k = (nuint)rows.ClassCount;
        for (var row = 0; row < rows.Count; row++)
        {
            var scores = Vector256.LoadUnsafe(ref z, (nuint)row * k);
            var reached = Vector256.GreaterThanOrEqual(scores, lowest);
            var rising = Vector256.AndNot(Vector256.GreaterThan(scores, highestBelow), reached);
            highestBelow = Vector256.ConditionalSelect(rising, scores, highestBelow);
            for (var lanes = reached.ExtractMostSignificantBits(); lanes != 0; lanes &= lanes - 1)
            {
                var column = firstColumn + BitOperations.TrailingZeroCount(lanes);
                // The positives were counted already: they are where they are by the pass that sorted them.
                if (column != rows.Labels[row])
                    Count(column, Unsafe.Add(ref z, row * (nint)k + column - firstColumn));
            }
        }

        highestBelow.StoreUnsafe(ref _highestBelow[firstColumn]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddColumn(in RowGroup<T> rows, int column)
    {
        var lowest = _lowestPositive[column];
        for (var row = 0; row < rows.Count; row++)
        {
            var score = rows.Values[row * rows.ClassCount + column];
            if (score >= lowest)
            {
                if (column != rows.Labels[row])
                    Count(column, score);
            }
            else if (score > _highestBelow[column])
            {
                _highestBelow[column] = score;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Count(int column, T score)
    {
        var bin = _firstBin[column] + Bin(_positives.Scores(column), score);
        _counts[bin]++;
        if (score > _highest[bin])
            _highest[bin] = score;
    }

    /// <summary>The bin of a score: twice the number of positives below it, plus one where it equals the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bin(ReadOnlySpan<T> u, T score)
    {
        ref var first = ref MemoryMarshal.GetReference(u);
        var low = 0;
        for (var length = u.Length; length > 1;)
        {
            // No branch depends on the data: the comparison's bit, spread over all bits, takes the half or leaves it.
            var half = length >> 1;
            low += half & -(Unsafe.Add(ref first, low + half - 1) < score ? 1 : 0);
            length -= half;
        }

        var candidate = Unsafe.Add(ref first, low);
        return 2 * low + (candidate < score ? 1 : 0) + (candidate <= score ? 1 : 0);
    }

    private static T Larger(T x, T y) => x > y ? x : y;
}
