using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>
/// Bootstrap intervals of all measures over the examples, stratified by class. Every class's scores are sorted once; a resample is a
/// count for each example, and costs one walk down each ranking. Classes are taken in strips, so that a table that does not fit in
/// memory is read once for each strip. Deterministic, whatever the number of threads.
/// </summary>
internal sealed class Bootstrap
{
    private const int BlockLength = 1 << 22;

    /// <summary>Scores of a strip, and replicates of its classes: 128 to 256 MiB each at most, unless one class alone needs more.</summary>
    private const long StripLength = 1 << 25;

    private readonly BootstrapOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly StratifiedResample _resample;
    private readonly ReadOnlyMemory<int> _labels;
    private readonly double[] _recalls;
    private readonly Metric[] _curveMetrics;

    private Bootstrap(SlcMetrics metrics, Logits logits, BootstrapOptions options, CancellationToken cancellation)
    {
        _options = options;
        _cancellation = cancellation;
        _labels = logits.Labels;
        _resample = new(_labels.Span, logits.ClassCount, options.Seed);
        _recalls = [.. metrics.PrecisionAtRecall.Keys];
        _curveMetrics = [Metric.Auprc, Metric.AuprcTrapezoid, .. _recalls.Select(Metric.AtRecall)];
    }

    private int MeasureCount => _curveMetrics.Length;

    private int ReplicateCount => _options.ReplicateCount;

    /// <summary>The same measures, with intervals.</summary>
    /// <param name="metrics">What was measured on the table.</param>
    /// <param name="logits">The table.</param>
    /// <param name="options">How to resample.</param>
    /// <param name="cancellation">Stops the work between resamples.</param>
    public static SlcMetrics AddIntervals(SlcMetrics metrics, Logits logits, BootstrapOptions options, CancellationToken cancellation)
    {
        options.Validate();
        var bootstrap = new Bootstrap(metrics, logits, options, cancellation);
        return metrics.Score == MetricsScore.AllLogits ? bootstrap.Run<double>(metrics, logits, new AllLogitScores(logits))
            : logits.IsDouble ? bootstrap.Run<double>(metrics, logits, logits)
            : bootstrap.Run<float>(metrics, logits, logits);
    }

    private SlcMetrics Run<T>(SlcMetrics metrics, Logits logits, Logits scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var classes = new ClassMetrics[metrics.ClassCount];
        var sums = new double[ReplicateCount * MeasureCount];
        var width = (int)Math.Clamp(Math.Min(StripLength / logits.Count, StripLength / ((long)ReplicateCount * MeasureCount)), 1, classes.Length);
        for (var first = 0; first < classes.Length; first += width)
            RunStrip<T>(scores, metrics.Class, first, Math.Min(width, classes.Length - first), classes, sums);

        var present = classes.Length - metrics.AbsentClasses.Count;
        var replicates = new Dictionary<string, double[]>();
        for (var m = 0; m < MeasureCount; m++)
        {
            var values = new double[ReplicateCount];
            for (var b = 0; b < values.Length; b++)
                values[b] = sums[b * MeasureCount + m] / present;
            replicates[_curveMetrics[m].Name] = values;
        }

        replicates[Metric.Accuracy.Name] = AccuracyReplicates(CorrectExamples.Of(logits, _cancellation));
        var interval = new SortedDictionary<string, ConfidenceInterval>(StringComparer.OrdinalIgnoreCase);
        foreach (var metric in Metric.In(metrics))
            interval[metric.Name] = BootstrapInterval.From(metric.Of(metrics)!.Value, [.. replicates[metric.Name]], _options);
        var checksum = XxHash64.HashToUInt64(MemoryMarshal.AsBytes(_labels.Span));
        return metrics with { Class = classes, Interval = interval, Replicates = new(_options, checksum, replicates) };
    }

    private void RunStrip<T>(
        Logits scores, IReadOnlyList<ClassMetrics> measured, int first, int width, ClassMetrics[] classes, double[] sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var ranked = Rank<T>(scores, first, width);
        var length = width * MeasureCount;
        var values = new double[ReplicateCount * length];
        ForEachReplicate((b, counts) =>
        {
            var row = values.AsSpan(b * length, length);
            for (var c = 0; c < width; c++)
                ranked[c]?.Measure(counts, _recalls, row.Slice(c * MeasureCount, MeasureCount));
            var sum = sums.AsSpan(b * MeasureCount, MeasureCount);
            for (var c = 0; c < width; c++)
            {
                for (var m = 0; m < MeasureCount; m++)
                    sum[m] += row[c * MeasureCount + m];
            }
        });
        Parallel.For(0, width, c => classes[first + c] = measured[first + c].Positives == 0
            ? measured[first + c]
            : measured[first + c] with { Interval = ClassIntervals(measured[first + c], values, length, c * MeasureCount) });
    }

    private SortedDictionary<string, ConfidenceInterval> ClassIntervals(ClassMetrics metrics, double[] values, int stride, int offset)
    {
        var interval = new SortedDictionary<string, ConfidenceInterval>(StringComparer.OrdinalIgnoreCase);
        for (var m = 0; m < MeasureCount; m++)
        {
            var replicates = new double[ReplicateCount];
            for (var b = 0; b < replicates.Length; b++)
                replicates[b] = values[b * stride + offset + m];
            interval[_curveMetrics[m].Name] = BootstrapInterval.From(_curveMetrics[m].Of(metrics)!.Value, replicates, _options);
        }

        return interval;
    }

    private double[] AccuracyReplicates(bool[] correct)
    {
        var values = new double[ReplicateCount];
        ForEachReplicate((b, counts) =>
        {
            long sum = 0;
            for (var i = 0; i < correct.Length; i++)
                sum += correct[i] ? counts[i] : 0;
            values[b] = sum / (double)correct.Length;
        });
        return values;
    }

    private void ForEachReplicate(Action<int, int[]> body)
    {
        var options = new ParallelOptions { CancellationToken = _cancellation };
        Parallel.For(0, ReplicateCount, options, () => new int[_labels.Length], (b, _, counts) =>
        {
            _resample.Draw(b, counts);
            body(b, counts);
            return counts;
        }, _ => { });
    }

    private RankedExamples?[] Rank<T>(Logits scores, int first, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var n = scores.Count;
        var k = scores.ClassCount;
        var columns = new T[(long)width * n];
        foreach (var block in RowBlocks.Of<T>(scores, BlockLength))
        {
            _cancellation.ThrowIfCancellationRequested();
            Partition.ForEach(block.RowCount, minimum: Math.Max(1, (1 << 14) / width), (from, to) =>
            {
                for (var row = from; row < to; row++)
                {
                    var source = block.Values.Span.Slice(row * k + first, width);
                    for (var c = 0; c < source.Length; c++)
                        columns[(long)c * n + block.FirstRow + row] = source[c];
                }
            });
        }

        var ranked = new RankedExamples?[width];
        Parallel.For(0, width, c => ranked[c] = RankedExamples.Rank<T>(columns.AsSpan(c * n, n), _labels.Span, first + c));
        return ranked;
    }
}
