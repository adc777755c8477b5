using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>The pairs of true and false logits that contradict Definition 2.1: how many there are, and the worst.</summary>
/// <param name="Count">The number of pairs with true ≤ false.</param>
/// <param name="Witnesses">The worst, the largest difference first; among equals the smaller true logit, then the earlier example.</param>
internal sealed record Violations<T>(long Count, IReadOnlyList<SeparationWitness> Witnesses)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockLength = 1 << 22;

    /// <summary>A logit and where it stands.</summary>
    private readonly record struct Cell(T Logit, int Example, int Column);

    /// <summary>Passes over the table once; rows without a violating false logit are not looked at.</summary>
    /// <param name="logits">The table, without NaN, that does not separate.</param>
    /// <param name="scan">Its true logits and largest false ones.</param>
    /// <param name="witnessCount">How many pairs to show.</param>
    /// <param name="cancellationToken">Stops the work between blocks.</param>
    public static Violations<T> Find(Logits logits, RowScan<T> scan, int witnessCount, CancellationToken cancellationToken)
    {
        var trueLogits = new SortedLogits<T>(scan.TrueLogits);
        var largestFalse = new Largest(witnessCount);
        long count = 0;
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Partition.ForEach(block.RowCount, minimum: Math.Max(1, (1 << 14) / logits.ClassCount), (from, to) =>
            {
                long part = 0;
                var largest = new Largest(witnessCount);
                for (var row = from; row < to; row++)
                {
                    if (scan.LargestFalse[block.FirstRow + row] >= trueLogits.Smallest)
                        part += AddRow(logits, block, row, trueLogits, largest);
                }

                Interlocked.Add(ref count, part);
                lock (largestFalse)
                    largestFalse.Add(largest);
            });
        }

        return new Violations<T>(count, Pair(logits, Smallest(logits, scan, witnessCount), largestFalse.Ordered(), witnessCount));
    }

    private static long AddRow(Logits logits, RowBlock<T> block, int row, SortedLogits<T> trueLogits, Largest largest)
    {
        var k = logits.ClassCount;
        var example = block.FirstRow + row;
        var z = block.Values.Span.Slice(row * k, k);
        var y = logits.Labels.Span[example];
        var smallestTrue = trueLogits.Smallest;
        long violations = 0;
        for (var j = 0; j < k; j++)
        {
            if (z[j] < smallestTrue || j == y)
                continue;
            violations += trueLogits.CountUpTo(z[j]);
            if (largest.Takes(z[j]))
                largest.Add(new Cell(z[j], example, j));
        }

        return violations;
    }

    private static List<Cell> Smallest(Logits logits, RowScan<T> scan, int count)
    {
        // The largest of the negated logits are the smallest, with the same order among equals.
        var smallest = new Largest(count);
        var labels = logits.Labels.Span;
        for (var i = 0; i < scan.TrueLogits.Length; i++)
            smallest.Add(new Cell(-scan.TrueLogits[i], i, labels[i]));
        return smallest.Ordered().ConvertAll(cell => cell with { Logit = -cell.Logit });
    }

    /// <summary>
    /// The worst pairs. The pair of the a-th smallest true and the b-th largest false logit is beaten by (a + 1) (b + 1) - 1 others,
    /// so only pairs with (a + 1) (b + 1) ≤ count can be among the worst.
    /// </summary>
    private static List<SeparationWitness> Pair(Logits logits, List<Cell> smallestTrue, List<Cell> largestFalse, int count)
    {
        var pairs = new List<SeparationWitness>();
        for (var a = 0; a < smallestTrue.Count; a++)
        {
            for (var b = 0; b < largestFalse.Count && (a + 1L) * (b + 1L) <= count; b++)
            {
                if (smallestTrue[a].Logit <= largestFalse[b].Logit)
                    pairs.Add(Witness(logits.ClassNames, smallestTrue[a], largestFalse[b]));
            }
        }

        // The sort is stable: among equal differences the order is that of a, then of b.
        return [.. pairs.OrderByDescending(pair => pair.Difference).Take(count)];
    }

    private static SeparationWitness Witness(IReadOnlyList<string> names, Cell isTrue, Cell isFalse)
    {
        var (trueLogit, falseLogit) = (double.CreateChecked(isTrue.Logit), double.CreateChecked(isFalse.Logit));
        return new SeparationWitness(
            isTrue.Example, names[isTrue.Column], isTrue.Column, trueLogit,
            isFalse.Example, names[isFalse.Column], isFalse.Column, falseLogit, Separation.Difference(falseLogit, trueLogit));
    }

    /// <summary>Keeps the largest of many logits; among equals the earlier example, then the earlier column.</summary>
    private sealed class Largest(int capacity)
    {
        private static readonly Comparer<Cell> WorstFirst = Comparer<Cell>.Create((x, y) =>
            x.Logit != y.Logit ? x.Logit.CompareTo(y.Logit)
            : x.Example != y.Example ? y.Example.CompareTo(x.Example) : y.Column.CompareTo(x.Column));

        private readonly PriorityQueue<Cell, Cell> _kept = new(WorstFirst);

        /// <summary>Whether a logit can be among the largest: a quick look that turns nearly all away.</summary>
        public bool Takes(T logit) => capacity > 0 && (_kept.Count < capacity || logit >= _kept.Peek().Logit);

        public void Add(Cell cell)
        {
            if (_kept.Count < capacity)
                _kept.Enqueue(cell, cell);
            else if (capacity > 0 && WorstFirst.Compare(cell, _kept.Peek()) > 0)
                _kept.EnqueueDequeue(cell, cell);
        }

        public void Add(Largest other)
        {
            foreach (var (cell, _) in other._kept.UnorderedItems)
                Add(cell);
        }

        public List<Cell> Ordered()
        {
            var cells = _kept.UnorderedItems.Select(item => item.Element).ToList();
            cells.Sort((x, y) => WorstFirst.Compare(y, x));
            return cells;
        }
    }
}
