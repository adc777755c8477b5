using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>The pairs of true and false logits that contradict Definition 2.1, true ≤ false: how many there are, and the worst.</summary>
/// <param name="trueLogits">All true logits of the table.</param>
/// <param name="witnessCount">How many pairs to show.</param>
internal sealed class Violations<T>(SortedLogits<T> trueLogits, int witnessCount)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LargestCells<T> _largestFalse = new(witnessCount);

    /// <summary>The number of pairs with true ≤ false.</summary>
    public long Count { get; private set; }

    /// <summary>Counts the pairs that the false logits of rows are in; rows without a violating one are not looked at.</summary>
    /// <param name="rows">The rows, none NaN.</param>
    /// <param name="largestFalse">The largest false logit of each row.</param>
    public void Add(in RowGroup<T> rows, ReadOnlySpan<T> largestFalse)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            if (!(largestFalse[row] >= trueLogits.Smallest))
                continue;
            var z = rows.Row(row);
            var y = rows.Labels[row];
            Count += trueLogits.SumCountsUpTo(z) - trueLogits.CountUpTo(z[y]);
            if (_largestFalse.Takes(largestFalse[row]))
                AddCells(rows.FirstExample + row, z, y);
        }
    }

    /// <summary>Adds what another thread has found.</summary>
    /// <param name="other">Violations of the same table.</param>
    public void Add(Violations<T> other)
    {
        Count += other.Count;
        _largestFalse.Add(other._largestFalse);
    }

    /// <summary>
    /// The worst pairs, the largest difference first; among equals the smaller true logit, then the earlier example. The pair of the
    /// a-th smallest true and the b-th largest false logit is beaten by (a + 1) (b + 1) - 1 others, so only pairs with
    /// (a + 1) (b + 1) ≤ count can be among the worst.
    /// </summary>
    /// <param name="logits">The table.</param>
    /// <param name="unsorted">Its n true logits, by example.</param>
    public SeparationWitness[] Witnesses(Logits logits, T[] unsorted)
    {
        var (smallestTrue, largestFalse) = (Smallest(logits, unsorted), _largestFalse.Ordered());
        var pairs = new List<SeparationWitness>();
        for (var a = 0; a < smallestTrue.Count; a++)
        {
            for (var b = 0; b < largestFalse.Count && (a + 1L) * (b + 1L) <= witnessCount; b++)
            {
                if (smallestTrue[a].Logit <= largestFalse[b].Logit)
                    pairs.Add(Witness(logits.ClassNames, smallestTrue[a], largestFalse[b]));
            }
        }

        // The sort is stable: among equal differences the order is that of a, then of b.
        return [.. pairs.OrderByDescending(pair => pair.Difference).Take(witnessCount)];
    }

    private void AddCells(int example, ReadOnlySpan<T> z, int y)
    {
        for (var j = 0; j < z.Length; j++)
        {
            if (j != y && z[j] >= trueLogits.Smallest && _largestFalse.Takes(z[j]))
                _largestFalse.Add(new Cell<T>(z[j], example, j));
        }
    }

    private List<Cell<T>> Smallest(Logits logits, T[] unsorted)
    {
        // The largest of the negated logits are the smallest, with the same order among equals.
        var smallest = new LargestCells<T>(witnessCount);
        var labels = logits.Labels.Span;
        for (var i = 0; i < unsorted.Length; i++)
        {
            if (smallest.Takes(-unsorted[i]))
                smallest.Add(new Cell<T>(-unsorted[i], i, labels[i]));
        }

        return smallest.Ordered().ConvertAll(cell => cell with { Logit = -cell.Logit });
    }

    private static SeparationWitness Witness(IReadOnlyList<string> names, Cell<T> isTrue, Cell<T> isFalse)
    {
        var (trueLogit, falseLogit) = (double.CreateChecked(isTrue.Logit), double.CreateChecked(isFalse.Logit));
        return new SeparationWitness(
            isTrue.Example, names[isTrue.Column], isTrue.Column, trueLogit,
            isFalse.Example, names[isFalse.Column], isFalse.Column, falseLogit, Separation.Difference(falseLogit, trueLogit));
    }
}
