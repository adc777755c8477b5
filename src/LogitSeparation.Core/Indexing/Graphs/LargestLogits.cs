namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>The largest logits of some classes over all of an index, exactly: what recall is measured against.</summary>
internal static class LargestLogits
{
    private const int PartsAtOnce = 64;

    /// <summary>Finds them, in one pass.</summary>
    /// <param name="index">The index.</param>
    /// <param name="file">Its file.</param>
    /// <param name="rows">The classes; their thresholds are changed.</param>
    /// <param name="count">How many of each class; not more than the examples.</param>
    /// <param name="cancellation">Looked at before each part of 2 MiB.</param>
    /// <returns>For each class, the largest first.</returns>
    public static float[][] Of(FeatureIndex index, FileStream file, QueryRows rows, int count, CancellationToken cancellation)
    {
        Array.Fill(rows.Threshold, double.NegativeInfinity);
        var kept = Array.ConvertAll(rows.Bias, _ => new PriorityQueue<float, float>());
        using var scan = new IndexScan(index, file, rows);
        foreach (var parts in IndexSearch.Waves(index).SelectMany(wave => wave.Chunk(PartsAtOnce)))
        {
            foreach (var hit in scan.Run(parts, cancellation).SelectMany(hits => hits))
            {
                var largest = kept[hit.Query];
                if (largest.Count < count)
                    largest.Enqueue(hit.Logit, hit.Logit);
                else
                    largest.EnqueueDequeue(hit.Logit, hit.Logit);
                if (largest.Count == count)
                    rows.Threshold[hit.Query] = largest.Peek();
            }
        }

        return Array.ConvertAll(kept, Descending);
    }

    private static float[] Descending(PriorityQueue<float, float> kept)
    {
        var logits = new float[kept.Count];
        for (var i = logits.Length - 1; i >= 0; i--)
            logits[i] = kept.Dequeue();
        return logits;
    }
}
