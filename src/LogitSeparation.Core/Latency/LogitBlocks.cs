using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency;

/// <summary>Sends examples past rows, some rows at a time, so that what they give stays in a cache and no table of all logits is needed.</summary>
/// <param name="cancellation">Looked at before each block of a long pass.</param>
internal sealed class LogitBlocks(CancellationToken cancellation)
{
    private const int MostRows = 1024;
    private const int FewestRows = 192;
    private const int BlockNumbers = 1 << 16;

    private readonly float[] _logits = new float[MostRows];
    private float[] _many = [];

    /// <summary>Computes the logits of all rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="target">The row whose logits are wanted; -1 for none.</param>
    /// <param name="features">n examples.</param>
    /// <param name="logits">Out: n logits of that row; left alone where there is none.</param>
    /// <param name="sums">Gets all logits; null where only they themselves are wanted.</param>
    public void Compute(RowTable rows, int target, FeatureRows features, Span<double> logits, LogSums? sums)
    {
        var n = features.Count;
        var most = n == 1 ? MostRows : Math.Clamp(BlockNumbers / n, FewestRows, MostRows);
        var buffer = Buffer(n, most);
        for (var first = 0; first < rows.Count; first += most)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(most, rows.Count - first);
            rows.Compute(first, count, features, buffer);
            if (target >= first && target - first < count)
            {
                for (var i = 0; i < n; i++)
                    logits[i] = buffer[(i * count) + target - first];
            }

            for (var i = 0; sums is not null && i < n; i++)
                sums.Add(i, buffer.AsSpan(i * count, count));
        }
    }

    private float[] Buffer(int n, int most)
    {
        if (n == 1)
            return _logits;
        if (_many.Length < n * most)
            _many = new float[n * most];
        return _many;
    }
}
