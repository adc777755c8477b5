using System.Numerics;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Which examples have their true logit as the largest, the first of equals.</summary>
internal static class CorrectExamples
{
    private const int BlockLength = 1 << 22;

    /// <summary>One pass over a table.</summary>
    /// <param name="logits">The table, without NaN.</param>
    /// <param name="cancellationToken">Stops the work between blocks.</param>
    public static bool[] Of(Logits logits, CancellationToken cancellationToken) =>
        logits.IsDouble ? Of<double>(logits, cancellationToken) : Of<float>(logits, cancellationToken);

    private static bool[] Of<T>(Logits logits, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var k = logits.ClassCount;
        var correct = new bool[logits.Count];
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Partition.ForEach(block.RowCount, minimum: Math.Max(1, (1 << 14) / k), (from, to) =>
            {
                for (var row = from; row < to; row++)
                {
                    var example = block.FirstRow + row;
                    correct[example] = IsCorrect(block.Values.Span.Slice(row * k, k), logits.Labels.Span[example]);
                }
            });
        }

        return correct;
    }

    private static bool IsCorrect<T>(ReadOnlySpan<T> z, int y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var j = 0; j < z.Length; j++)
        {
            if (z[j] > z[y] || (j < y && z[j] == z[y]))
                return false;
        }

        return true;
    }
}
