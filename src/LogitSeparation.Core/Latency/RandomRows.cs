using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency;

/// <summary>Rows of weights that nobody trained, of the size that trained ones have: for the time it makes no difference.</summary>
internal static class RandomRows
{
    private const int Fraction = 23;
    private const int BetweenLooks = 256;

    /// <summary>Draws weights and biases uniformly between -1/√d and 1/√d, as heads start from.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="width">d.</param>
    /// <param name="seed">Decides the numbers, whatever the number of rows.</param>
    /// <param name="table">Which of several tables of a seed.</param>
    /// <param name="cancellation">Looked at now and then.</param>
    /// <exception cref="SlcException"><c>OutOfMemory</c>.</exception>
    public static RowTable Create(int count, int width, int seed, int table, CancellationToken cancellation)
    {
        var rows = new RowTable(count, width, isApart: true);
        try
        {
            for (var row = 0; row < count; row++)
            {
                if (row % BetweenLooks == 0)
                    cancellation.ThrowIfCancellationRequested();
                var random = new SplitMix64(StreamSeed.Derive(seed, StreamSeed.LatencyWeights, ((long)table << 32) + row));
                Fill(ref random, rows.Weights(row), (float)(1 / Math.Sqrt(width)));
                Fill(ref random, new Span<float>(ref rows.Bias(row)), (float)(1 / Math.Sqrt(width)));
            }

            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Features of examples, uniformly between -1 and 1.</summary>
    /// <param name="count">n.</param>
    /// <param name="width">d.</param>
    /// <param name="seed">Decides the numbers.</param>
    public static RowTable Features(int count, int width, int seed)
    {
        var rows = new RowTable(count, width);
        for (var row = 0; row < count; row++)
        {
            var random = new SplitMix64(StreamSeed.Derive(seed, StreamSeed.LatencyFeatures, row));
            Fill(ref random, rows.Weights(row), 1);
        }

        return rows;
    }

    // Two numbers of 64 bits: a head of gigabytes is to be there in seconds.
    private static void Fill(ref SplitMix64 random, Span<float> target, float bound)
    {
        var unit = bound / (1 << Fraction);
        for (var i = 0; i < target.Length; i += 2)
        {
            var bits = random.Next();
            target[i] = unit * ((int)bits >> (31 - Fraction));
            if (i + 1 < target.Length)
                target[i + 1] = unit * ((int)(bits >> 32) >> (31 - Fraction));
        }
    }
}
