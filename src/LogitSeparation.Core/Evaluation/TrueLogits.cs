using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>The true logits of a table, z_y: what has to be sorted before the others can be counted.</summary>
internal static class TrueLogits
{
    private const int BlockLength = 1 << 22;

    /// <summary>Picks the n true logits; a table in memory is not read for it as a whole.</summary>
    /// <param name="logits">At least one example and one class.</param>
    /// <param name="normalized">Is shown all rows meanwhile; or null.</param>
    /// <param name="cancellationToken">Stops the work between blocks.</param>
    /// <exception cref="SlcException"><c>LogitsEmpty</c>, or <c>NaNLogit</c> where a true logit is NaN: names the table's first NaN.</exception>
    public static T[] Of<T>(Logits logits, NormalizedRows? normalized, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (logits.Count == 0 || logits.ClassCount == 0)
        {
            throw new SlcException("LogitsEmpty", SlcErrorKind.InvalidData,
                $"The table of logits is empty ({logits.Count} x {logits.ClassCount}): at least one example and one class are needed.", logits);
        }

        var k = logits.ClassCount;
        var picked = new T[logits.Count];
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var values = block.Values.Span;
            var labels = logits.Labels.Span.Slice(block.FirstRow, block.RowCount);
            for (var row = 0; row < labels.Length; row++)
                picked[block.FirstRow + row] = values[row * k + labels[row]];
            if (Array.FindIndex(picked, block.FirstRow, block.RowCount, T.IsNaN) >= 0)
                throw LogitErrors.FirstNaN<T>(logits);
            normalized?.Add(block);
        }

        return picked;
    }
}
