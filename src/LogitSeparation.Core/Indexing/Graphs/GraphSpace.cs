namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>
/// Where features lie for a graph. Its ways lead to large inner products well among vectors of one length, so features x become
/// ((x - μ)/r, √(1 - |x - μ|²/r²)), of length 1, and a row w of the head (w/|w|, 0) (Y. Bachrach et al. 2014, Speeding up the Xbox recommender system using a
/// Euclidean transformation for inner-product spaces). Their inner products have the order of w·x, whatever the mean μ.
/// </summary>
internal sealed class GraphSpace
{
    private readonly double[] _mean;
    private readonly double _radius;

    private GraphSpace(double[] mean, double radius) => (_mean, _radius) = (mean, radius);

    /// <summary>The numbers of a vector: d + 1.</summary>
    public int Dimension => _mean.Length + 1;

    /// <summary>Finds mean and largest distance from it, in two passes over an index.</summary>
    /// <param name="index">The index, with an example at least.</param>
    /// <param name="file">Its file.</param>
    /// <param name="cancellation">Looked at before each segment.</param>
    public static GraphSpace Of(FeatureIndex index, FileStream file, CancellationToken cancellation)
    {
        var mean = new double[index.FeatureCount];
        foreach (var row in Rows(index, file, cancellation))
        {
            var x = row.Span;
            for (var i = 0; i < mean.Length; i++)
                mean[i] += x[i] / (double)index.Count;
        }

        var space = new GraphSpace(mean, radius: 1);
        var square = 0.0;
        foreach (var row in Rows(index, file, cancellation))
            square = Math.Max(square, space.Square(row.Span));
        return new(mean, square > 0 ? Math.Sqrt(square) : 1);
    }

    /// <summary>Where an example's features lie.</summary>
    /// <param name="features">d features.</param>
    /// <param name="vector">Out: d + 1 numbers.</param>
    public void Place(ReadOnlySpan<float> features, Span<float> vector)
    {
        var square = 0.0;
        for (var i = 0; i < features.Length; i++)
        {
            var y = (features[i] - _mean[i]) / _radius;
            vector[i] = (float)y;
            square += y * y;
        }

        vector[^1] = (float)Math.Sqrt(Math.Max(0, 1 - square));
    }

    /// <summary>Where a row of the head lies.</summary>
    /// <param name="weight">d weights.</param>
    /// <returns>d + 1 numbers.</returns>
    public static float[] Query(ReadOnlySpan<float> weight)
    {
        var square = 0.0;
        foreach (var w in weight)
            square += (double)w * w;
        var length = square > 0 ? Math.Sqrt(square) : 1;
        var query = new float[weight.Length + 1];
        for (var i = 0; i < weight.Length; i++)
            query[i] = (float)(weight[i] / length);
        return query;
    }

    private static IEnumerable<ReadOnlyMemory<float>> Rows(FeatureIndex index, FileStream file, CancellationToken cancellation)
    {
        foreach (var segment in index.Segments)
        {
            cancellation.ThrowIfCancellationRequested();
            var features = SegmentFeatures.Read(index, file.SafeFileHandle, segment);
            for (var row = 0; row < segment.RowCount; row++)
                yield return features.AsMemory(row * index.FeatureCount, index.FeatureCount);
        }
    }

    private double Square(ReadOnlySpan<float> features)
    {
        var square = 0.0;
        for (var i = 0; i < features.Length; i++)
        {
            var y = features[i] - _mean[i];
            square += y * y;
        }

        return square;
    }
}
