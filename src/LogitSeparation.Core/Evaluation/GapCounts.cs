using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Counts every negative score of a class into the gap between two of the class's positive scores, or onto the positive it equals.
/// With D distinct positives u_0 &lt; … &lt; u_(D-1) there are 2 D + 1 bins: bin 2 d lies below u_d (and above u_(d-1)), bin 2 d + 1 is
/// u_d itself. The cost is O(n log(n / k)) for a class, where sorting all its scores would be O(n log n).
/// </summary>
internal sealed class GapCounts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A tile of 64 x 256 float32 scores takes 64 KiB, which stays in the second-level cache.</summary>
    private const int TileColumns = 64;
    private const int TileRows = 256;

    private const int BlockLength = 1 << 22;

    private readonly ClassPositives<T> _positives;
    private readonly int[][] _counts;

    private GapCounts(ClassPositives<T> positives, int classCount)
    {
        _positives = positives;
        _counts = new int[classCount][];
        for (var j = 0; j < classCount; j++)
            _counts[j] = positives.Count(j) == 0 ? [] : new int[2 * positives.Scores(j).Length + 1];
    }

    /// <summary>Counts the negative scores of a table, in one pass.</summary>
    /// <param name="scores">n x k scores, none NaN.</param>
    /// <param name="positives">The positive scores of the same table.</param>
    /// <param name="cancellationToken">Stops the work between blocks.</param>
    public static GapCounts<T> Over(Logits scores, ClassPositives<T> positives, CancellationToken cancellationToken)
    {
        var counts = new GapCounts<T>(positives, scores.ClassCount);
        foreach (var block in RowBlocks.Of<T>(scores, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            counts.Add(block, scores.ClassCount, scores.Labels);
        }

        return counts;
    }

    /// <summary>A class's 2 D + 1 counts; empty for a class without positives.</summary>
    /// <param name="j">The class.</param>
    public ReadOnlySpan<int> this[int j] => _counts[j];

    private void Add(RowBlock<T> block, int k, ReadOnlyMemory<int> labels)
    {
        // Classes are the unit of parallel work: no two threads count into the same bins.
        var width = Math.Clamp((k + Environment.ProcessorCount - 1) / Environment.ProcessorCount, 1, TileColumns);
        var strips = (k + width - 1) / width;
        if ((long)block.RowCount * k < 1 << 14)
            AddStrip(block, k, labels, 0, k);
        else
            Parallel.For(0, strips, strip => AddStrip(block, k, labels, strip * width, Math.Min(k, (strip + 1) * width)));
    }

    private void AddStrip(RowBlock<T> block, int k, ReadOnlyMemory<int> labels, int firstClass, int endClass)
    {
        var values = block.Values.Span;
        var tile = ArrayPool<T>.Shared.Rent(TileRows * TileColumns);
        for (var start = firstClass; start < endClass; start += TileColumns)
        {
            var columns = Math.Min(TileColumns, endClass - start);
            for (var row = 0; row < block.RowCount; row += TileRows)
            {
                var rows = Math.Min(TileRows, block.RowCount - row);
                for (var r = 0; r < rows; r++)
                {
                    var source = values.Slice((row + r) * k + start, columns);
                    for (var c = 0; c < source.Length; c++)
                        tile[c * TileRows + r] = source[c];
                }

                CountTile(tile, start, columns, rows);
            }
        }

        ArrayPool<T>.Shared.Return(tile);
        RemovePositives(block, k, labels.Span, firstClass, endClass);
    }

    /// <summary>
    /// Takes back the positives, which were counted with the rest because that needs no branch. They go by the values of this pass:
    /// a table that computes its rows anew may differ from the last pass in the last bit.
    /// </summary>
    private void RemovePositives(RowBlock<T> block, int k, ReadOnlySpan<int> labels, int firstClass, int endClass)
    {
        var values = block.Values.Span;
        for (var row = 0; row < block.RowCount; row++)
        {
            var y = labels[block.FirstRow + row];
            if (y >= firstClass && y < endClass)
                _counts[y][Bin(_positives.Scores(y), values[row * k + y])]--;
        }
    }

    private void CountTile(T[] tile, int firstClass, int columns, int rows)
    {
        for (var c = 0; c < columns; c++)
        {
            var counts = _counts[firstClass + c];
            if (counts.Length > 0)
                Count(tile.AsSpan(c * TileRows, rows), _positives.Scores(firstClass + c), counts);
        }
    }

    private static void Count(ReadOnlySpan<T> scores, ReadOnlySpan<T> u, int[] counts)
    {
        // In a trained network nearly all scores lie below the smallest positive: whole vectors are settled by one comparison.
        var smallest = new Vector<T>(u[0]);
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(scores);
        for (var v = 0; v < vectors.Length; v++)
        {
            if (Vector.LessThanAll(vectors[v], smallest))
                counts[0] += Vector<T>.Count;
            else
                CountEach(scores.Slice(v * Vector<T>.Count, Vector<T>.Count), u, counts);
        }

        CountEach(scores[(vectors.Length * Vector<T>.Count)..], u, counts);
    }

    private static void CountEach(ReadOnlySpan<T> scores, ReadOnlySpan<T> u, int[] counts)
    {
        foreach (var score in scores)
            counts[Bin(u, score)]++;
    }

    /// <summary>The bin of a score: twice the number of positives below it, plus one where it equals the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bin(ReadOnlySpan<T> u, T score)
    {
        ref var first = ref MemoryMarshal.GetReference(u);
        var low = 0;
        for (var length = u.Length; length > 1;)
        {
            // No branch depends on the data: the compiler makes a conditional move of this.
            var half = length >> 1;
            low = Unsafe.Add(ref first, low + half - 1) < score ? low + half : low;
            length -= half;
        }

        var candidate = Unsafe.Add(ref first, low);
        return 2 * low + (candidate < score ? 2 : candidate == score ? 1 : 0);
    }
}
