using System.Numerics;

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

    private static int Rank<T>(ReadOnlySpan<T> z, int y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rank = 0;
        for (var j = 0; j < z.Length && rank < Most; j++)
            rank += z[j] > z[y] || (j < y && z[j] == z[y]) ? 1 : 0;
        return rank;
    }
}
