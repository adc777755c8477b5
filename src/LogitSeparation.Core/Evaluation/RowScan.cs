using System.Numerics;
using System.Numerics.Tensors;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// What one pass over the rows of a table finds: every example's true logit and largest false logit, how many true logits are
/// their row's largest, and that no logit is NaN.
/// </summary>
/// <param name="TrueLogits">n true logits, z_y.</param>
/// <param name="LargestFalse">n largest false logits, max over j ≠ y of z_j; negative infinity where k = 1.</param>
/// <param name="CorrectCount">The examples whose arg max (the first of equals) is the label.</param>
internal sealed record RowScan<T>(T[] TrueLogits, T[] LargestFalse, int CorrectCount)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockLength = 1 << 22;

    /// <summary>Scans a table.</summary>
    /// <param name="logits">At least one example and one class.</param>
    /// <param name="cancellationToken">Stops the work between blocks.</param>
    /// <exception cref="SlcException"><c>NaNLogit</c>, or <c>LogitsEmpty</c>.</exception>
    public static RowScan<T> Over(Logits logits, CancellationToken cancellationToken)
    {
        if (logits.Count == 0 || logits.ClassCount == 0)
        {
            throw new SlcException("LogitsEmpty", SlcErrorKind.InvalidData,
                $"The table of logits is empty ({logits.Count} x {logits.ClassCount}): at least one example and one class are needed.", logits);
        }

        var scan = new Pass(logits);
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            scan.Add(block);
        }

        return new RowScan<T>(scan.TrueLogits, scan.LargestFalse, scan.CorrectCount);
    }

    private sealed class Pass(Logits logits)
    {
        private int _correctCount;

        public T[] TrueLogits { get; } = new T[logits.Count];

        public T[] LargestFalse { get; } = new T[logits.Count];

        public int CorrectCount => _correctCount;

        public void Add(RowBlock<T> block)
        {
            var failed = Partition.FirstFailure(block.RowCount, minimum: Math.Max(1, (1 << 14) / logits.ClassCount), (from, to) =>
            {
                var correct = 0;
                for (var row = from; row < to; row++)
                {
                    if (!AddRow(block, row, ref correct))
                        return row;
                }

                Interlocked.Add(ref _correctCount, correct);
                return null;
            });
            if (failed is { } nanRow)
                throw NaN(block, nanRow);
        }

        /// <returns>False where the row holds a NaN.</returns>
        private bool AddRow(RowBlock<T> block, int row, ref int correct)
        {
            var k = logits.ClassCount;
            var example = block.FirstRow + row;
            var z = block.Values.Span.Slice(row * k, k);
            var y = logits.Labels.Span[example];
            var before = Largest(z[..y]);
            var after = Largest(z[(y + 1)..]);
            if (T.IsNaN(z[y]) || T.IsNaN(before) || T.IsNaN(after))
                return false;
            TrueLogits[example] = z[y];
            LargestFalse[example] = T.Max(before, after);
            if ((y == 0 || before < z[y]) && after <= z[y])
                correct++;
            return true;
        }

        /// <summary>NaN where there is one.</summary>
        private static T Largest(ReadOnlySpan<T> z) => z.IsEmpty ? T.NegativeInfinity : TensorPrimitives.Max(z);

        private SlcException NaN(RowBlock<T> block, int row)
        {
            var k = logits.ClassCount;
            var z = block.Values.Span.Slice(row * k, k);
            var j = 0;
            while (!T.IsNaN(z[j]))
                j++;
            var source = logits.Source is null ? "" : $" of '{logits.Source}'";
            return new SlcException("NaNLogit", SlcErrorKind.InvalidData,
                $"The logit of example {block.FirstRow + row} for class '{logits.ClassNames[j]}' (column {j}){source} is NaN, which is neither "
                + "above nor below any other. Leave the example out, or find out why the model gives NaN.", block.FirstRow + row);
        }
    }
}
