using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Counts every negative score of a class into the gap between two of the class's positive scores, or onto the positive it equals.
/// With D distinct positives u_0 &lt; … &lt; u_(D-1) there are 2 D + 1 bins: bin 2 d lies below u_d (and above u_(d-1)), bin 2 d + 1 is
/// u_d itself. Only positives are sorted; a score costs a comparison, or about a constant time where it is not below the lowest
/// positive. Counts are whole numbers, so those of several threads add up to the same whatever the threads did.
/// </summary>
internal sealed class GapCounts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Rows of a panel: neighbouring columns of them are copied together, or each row would wait for its own line of memory; and there are
    /// enough of them to use what a class's bins and positives have brought into the cache. Scores in crowded intervals are searched after
    /// each panel; in the loop over its rows, a call would spill the registers.
    /// </summary>
    private const int PanelRows = 512;

    /// <summary>Columns of a panel, in vectors.</summary>
    private const int PanelVectors = 2;

    private readonly ClassPositives<T> _positives;
    private readonly PositiveIndex<T> _index;
    /// <summary>The bins of all classes; those of the place of crowded intervals are no class's.</summary>
    private readonly GapBin<T>[] _bins;

    private readonly T[] _highestBelow;

    /// <summary>The counts of each bin and the highest score of each gap, when complete.</summary>
    private int[] _counts = [];
    private T[] _highest = [];

    /// <summary>Starts with no scores.</summary>
    /// <param name="positives">The positive scores of the table.</param>
    /// <param name="index">Their index.</param>
    public GapCounts(ClassPositives<T> positives, PositiveIndex<T> index)
    {
        (_positives, _index) = (positives, index);
        var k = positives.ClassCount;
        _highestBelow = new T[k + Vector256<T>.Count];
        Array.Fill(_highestBelow, T.NegativeInfinity);
        _bins = new GapBin<T>[2 * index.FirstPlace(k)];
        Array.Fill(_bins, new GapBin<T> { Highest = T.NegativeInfinity });
    }

    /// <summary>A class's 2 D + 1 counts, once <see cref="Complete"/> was called; empty for a class without positives.</summary>
    /// <param name="j">The class.</param>
    public ReadOnlySpan<int> this[int j] => _counts.AsSpan(2 * _index.FirstPlace(j), BinCount(j));

    /// <summary>
    /// The highest negative score below each of a class's D distinct positives and not below the one before it; negative infinity where
    /// there is none.
    /// </summary>
    /// <param name="j">The class.</param>
    public ReadOnlySpan<T> HighestBelow(int j) => _highest.AsSpan(2 * _index.FirstPlace(j), _positives.Scores(j).Length);

    /// <summary>The highest negative score of a class; negative infinity where there is none, or the class has no positives.</summary>
    /// <param name="j">The class.</param>
    public T Highest(int j)
    {
        var highest = T.NegativeInfinity;
        foreach (var score in _highest.AsSpan(2 * _index.FirstPlace(j), (BinCount(j) + 1) / 2))
            highest = Larger(highest, score);
        return highest;
    }

    /// <summary>Adds the scores of rows.</summary>
    /// <param name="rows">The rows, none NaN.</param>
    public void Add(in RowGroup<T> rows)
    {
        var lanes = Vector256<T>.Count;
        Span<T> panel = stackalloc T[PanelRows * PanelVectors * lanes];
        for (var j = 0; j < rows.ClassCount; j += PanelVectors * lanes)
        {
            var width = rows.ClassCount - j > lanes ? PanelVectors * lanes : lanes;
            panel.Fill(T.NaN);
            for (var row = 0; row < rows.Count; row += PanelRows)
            {
                var columns = panel[..(Math.Min(PanelRows, rows.Count - row) * width)];
                Copy(rows, row, j, width, columns);
                var next = Next(rows, row, j, width);
                for (var vector = 0; vector < width; vector += lanes)
                    AddVectors(columns[vector..], width, j + vector, next.Offset(vector));
            }
        }
    }

    // The panel after this one: below it, or at the top of the columns to the right.
    private static ColumnPrefetch<T> Next(in RowGroup<T> rows, int row, int j, int width)
    {
        var (nextRow, nextColumn) = row + PanelRows < rows.Count ? (row + PanelRows, j) : (0, j + width);
        return nextColumn < rows.ClassCount ? new(rows.Values[((nextRow * rows.ClassCount) + nextColumn)..], rows.ClassCount) : default;
    }

    /// <summary>Adds what another thread has counted.</summary>
    /// <param name="other">Counts between the same positives.</param>
    public void Add(GapCounts<T> other)
    {
        for (var i = 0; i < _bins.Length; i++)
        {
            ref var bin = ref _bins[i];
            bin.Count += other._bins[i].Count;
            bin.Highest = Larger(bin.Highest, other._bins[i].Highest);
        }

        for (var j = 0; j < _highestBelow.Length; j++)
            _highestBelow[j] = Larger(_highestBelow[j], other._highestBelow[j]);
    }

    /// <summary>Fills in bin 0, which holds all negatives that lie in no other.</summary>
    /// <param name="count">The number of examples, n.</param>
    public void Complete(int count)
    {
        _counts = Array.ConvertAll(_bins, bin => bin.Count);
        _highest = Array.ConvertAll(_bins, bin => bin.Highest);
        for (var j = 0; j < _positives.ClassCount; j++)
        {
            var bins = _counts.AsSpan(2 * _index.FirstPlace(j), BinCount(j));
            if (bins.IsEmpty)
                continue;
            bins[0] = count - _positives.Count(j);
            foreach (var above in bins[1..])
                bins[0] -= above;
            CompleteHighest(j, _highest.AsSpan(2 * _index.FirstPlace(j), bins.Length));
        }
    }

    /// <summary>Brings the highest scores of bins together: those on a positive and those above it are below the next.</summary>
    private void CompleteHighest(int j, Span<T> highest)
    {
        highest[0] = _highestBelow[j];
        for (var d = 1; 2 * d < highest.Length; d++)
            highest[d] = Larger(highest[2 * d - 1], highest[2 * d]);
    }

    /// <summary>
    /// Copies neighbouring columns, as many as there are. The positives are made NaN, which lies nowhere: they were counted by the
    /// pass that sorted them, and a table that is computed anew may have another last bit now.
    /// </summary>
    private static void Copy(in RowGroup<T> rows, int firstRow, int firstColumn, int width, Span<T> panel)
    {
        var present = Math.Min(width, rows.ClassCount - firstColumn);
        var whole = present == width ? width : 0;
        for (var (row, place) = (firstRow, 0); place < panel.Length; row++, place += width)
        {
            var source = rows.Values.Slice(row * rows.ClassCount + firstColumn, present);
            var copy = panel.Slice(place, width);
            for (var column = 0; column < whole; column += Vector256<T>.Count)
                Vector256.Create(source[column..]).CopyTo(copy[column..]);
            if (whole == 0)
                source.CopyTo(copy);
            if ((uint)(rows.Labels[row] - firstColumn) < (uint)width)
                copy[rows.Labels[row] - firstColumn] = T.NaN;
        }
    }

    /// <summary>Adds as many columns as a vector has lanes.</summary>
    private void AddVectors(ReadOnlySpan<T> columns, int stride, int firstColumn, ColumnPrefetch<T> next)
    {
        _bins[PositiveIndex<T>.Crowded] = default;
        CountVectors(columns, stride, firstColumn, next);
        if (_bins[PositiveIndex<T>.Crowded].Count > 0)
            CountCrowded(columns, stride, firstColumn);
    }

    /// <summary>
    /// Counts the columns, but scores in crowded intervals into the bin that is no class's. In a trained network nearly all scores lie below
    /// their class's lowest positive, and one comparison settles a whole vector; otherwise the lanes are counted one by one, without a branch
    /// that could not be foreseen. Compiled at once for speed: most sessions measure a table or two.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountVectors(ReadOnlySpan<T> columns, int stride, int firstColumn, ColumnPrefetch<T> next)
    {
        var lowest = Vector256.LoadUnsafe(ref _index.LowestPositive[firstColumn]);
        var intervals = _index.Intervals(firstColumn);
        ref var z = ref MemoryMarshal.GetReference(columns);
        ref var starts = ref MemoryMarshal.GetArrayDataReference(_index.Starts);
        ref var scores = ref MemoryMarshal.GetArrayDataReference(_index.Scores);
        ref var bins = ref MemoryMarshal.GetArrayDataReference(_bins);
        ref var highestBelowLowest = ref _highestBelow[firstColumn];
        var highestBelow = Vector256.LoadUnsafe(ref highestBelowLowest);
        Span<int> found = stackalloc int[Vector256<int>.Count];
        ref var interval = ref MemoryMarshal.GetReference(found);
        for (var place = 0; place < columns.Length; place += stride)
        {
            next.Fetch();
            ref var score = ref Unsafe.Add(ref z, (nuint)(uint)place);
            var vector = Vector256.LoadUnsafe(ref score);
            var reached = Vector256.GreaterThanOrEqual(vector, lowest);
            var rising = Vector256.AndNot(Vector256.GreaterThan(vector, highestBelow), reached);
            highestBelow = Vector256.ConditionalSelect(rising, vector, highestBelow);
            if (reached.ExtractMostSignificantBits() == 0)
                continue;
            intervals.Of(vector).StoreUnsafe(ref interval);
            // Written out, or each lane would cost a turn of a loop too.
            Count(score, interval, ref starts, ref scores, ref bins);
            Count(Unsafe.Add(ref score, 1), Unsafe.Add(ref interval, 1), ref starts, ref scores, ref bins);
            Count(Unsafe.Add(ref score, 2), Unsafe.Add(ref interval, 2), ref starts, ref scores, ref bins);
            Count(Unsafe.Add(ref score, 3), Unsafe.Add(ref interval, 3), ref starts, ref scores, ref bins);
            if (Vector256<T>.Count == 4)
                continue;
            Count(Unsafe.Add(ref score, 4), Unsafe.Add(ref interval, 4), ref starts, ref scores, ref bins);
            Count(Unsafe.Add(ref score, 5), Unsafe.Add(ref interval, 5), ref starts, ref scores, ref bins);
            Count(Unsafe.Add(ref score, 6), Unsafe.Add(ref interval, 6), ref starts, ref scores, ref bins);
            Count(Unsafe.Add(ref score, 7), Unsafe.Add(ref interval, 7), ref starts, ref scores, ref bins);
        }

        highestBelow.StoreUnsafe(ref highestBelowLowest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(T score, int interval, ref int starts, ref T scores, ref GapBin<T> bins)
    {
        var start = Unsafe.Add(ref starts, (nuint)(uint)interval);
        ref var bin = ref Unsafe.AddByteOffset(ref bins, PositiveIndex<T>.BinOffset(Vector256.Create(score), start, ref scores));
        bin.Count++;
        // Nearly always false, and so foreseen.
        if (score > bin.Highest)
            bin.Highest = score;
    }

    /// <summary>Searches for the scores that lie in crowded intervals.</summary>
    private void CountCrowded(ReadOnlySpan<T> columns, int stride, int firstColumn)
    {
        for (var place = 0; place < columns.Length; place += stride)
        {
            for (var lane = 0; lane < Vector256<T>.Count; lane++)
            {
                var score = columns[place + lane];
                if (_index.IsCrowded(score, firstColumn + lane))
                    Count(_index.Bin(score, firstColumn + lane), score);
            }
        }
    }

    private void Count(int bin, T score)
    {
        ref var counted = ref _bins[bin];
        counted.Count++;
        if (score > counted.Highest)
            counted.Highest = score;
    }

    /// <summary>2 D + 1; 0 for a class without positives.</summary>
    private int BinCount(int j) => _positives.Count(j) == 0 ? 0 : 2 * _positives.Scores(j).Length + 1;

    private static T Larger(T x, T y) => x > y ? x : y;
}
