namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Sums over classes of what was measured of them in each resample, plain and weighted by the classes' examples.</summary>
/// <param name="replicateCount">The number of resamples.</param>
/// <param name="measureCount">The number of measures of each class.</param>
/// <param name="metrics">What was measured of the whole table.</param>
internal sealed class ClassSums(int replicateCount, int measureCount, SlcMetrics metrics)
{
    private readonly double[] _sums = new double[replicateCount * measureCount];
    private readonly double[] _weighted = new double[replicateCount * measureCount];

    /// <summary>Adds a class's measures in one resample; several threads may add to different resamples.</summary>
    /// <param name="replicate">The resample.</param>
    /// <param name="j">The class.</param>
    /// <param name="values">The measures; zeros for a class without positives.</param>
    public void Add(int replicate, int j, ReadOnlySpan<double> values)
    {
        var positives = metrics.Class[j].Positives;
        for (var m = 0; m < values.Length; m++)
        {
            _sums[replicate * measureCount + m] += values[m];
            _weighted[replicate * measureCount + m] += positives * values[m];
        }
    }

    /// <summary>A measure's mean over the classes that have positives, in each resample.</summary>
    /// <param name="m">The measure.</param>
    public double[] Means(int m) => Divide(_sums, m, metrics.ClassCount - metrics.AbsentClasses.Count);

    /// <summary>A measure's mean weighted by the classes' examples, in each resample.</summary>
    /// <param name="m">The measure.</param>
    public double[] WeightedMeans(int m) => Divide(_weighted, m, metrics.ExampleCount);

    private double[] Divide(double[] sums, int m, double divisor)
    {
        var means = new double[replicateCount];
        for (var b = 0; b < means.Length; b++)
            means[b] = sums[b * measureCount + m] / divisor;
        return means;
    }
}
