using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>How many logits of each example are before the true one, where of equals the earlier column comes before.</summary>
internal static class TrueRanks
{
    /// <summary>Nobody asks what comes after this.</summary>
    public const int Most = 5;

    private const int BlockLength = 1 << 22;

    /// <summary>One pass over a table.</summary>
    /// <param name="logits">The table, without NaN.</param>
    /// <param name="cancellationToken">Stops the work between blocks.</param>
    /// <returns>n ranks, 0 … <see cref="Most"/>.</returns>
    public static int[] Of(Logits logits, CancellationToken cancellationToken) =>
        logits.IsDouble ? Of<double>(logits, cancellationToken) : Of<float>(logits, cancellationToken);

    /// <summary>The rank of one row's true logit, 0 … <see cref="Most"/>.</summary>
    /// <param name="z">The row, without NaN.</param>
    /// <param name="y">Its label.</param>
    public static int Rank<T>(ReadOnlySpan<T> z, int y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rank = Count(z[(y + 1)..], z[y], equals: false);
        return Math.Min(Most, rank >= Most ? rank : rank + Count(z[..y], z[y], equals: true));
    }

    /// <summary>Counts the logits above a threshold, or from it on; ends early where there are enough to know.</summary>
    private static int Count<T>(ReadOnlySpan<T> z, T threshold, bool equals)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = 0;
        var vectors = MemoryMarshal.Cast<T, Vector256<T>>(z);
        var thresholds = Vector256.Create(threshold);
        for (var v = 0; v < vectors.Length && count < Most; v++)
        {
            var found = equals ? Vector256.GreaterThanOrEqual(vectors[v], thresholds) : Vector256.GreaterThan(vectors[v], thresholds);
            count += BitOperations.PopCount(found.ExtractMostSignificantBits());
        }

        foreach (var logit in z[(vectors.Length * Vector256<T>.Count)..])
            count += logit > threshold || (equals && logit == threshold) ? 1 : 0;
        return count;
    }

    private static int[] Of<T>(Logits logits, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var k = logits.ClassCount;
        var ranks = new int[logits.Count];
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Partition.ForEach(block.RowCount, minimum: Math.Max(1, (1 << 14) / k), (from, to) =>
            {
                for (var row = from; row < to; row++)
                {
                    var example = block.FirstRow + row;
                    ranks[example] = Rank(block.Values.Span.Slice(row * k, k), logits.Labels.Span[example]);
                }
            });
        }

        return ranks;
    }
}
