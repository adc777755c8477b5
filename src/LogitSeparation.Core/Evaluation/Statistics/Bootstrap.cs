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

    /// <summary>
    /// Scores of a strip, places in its rankings, and replicates of its classes: 128 to 256 MiB of each at most, unless one class alone
    /// needs more.
    /// </summary>
    private const long StripLength = 1 << 25;

    /// <summary>
    /// Precision at a recall goes by the lowest positives that the recall leaves out. Where those are fewer than this, resamples do not move
    /// as samples do: intervals at 95% covered 79% with 1, 86% with 2, and 90% from 3 on (three classes of 100 and more).
    /// </summary>
    private const double FewestLeftOut = 3;

    private static readonly (Metric Of, Metric Weighted)[] Weighted =
    [
        (Metric.Auprc, Metric.AuprcWeighted),
        (Metric.AuprcTrapezoid, Metric.AuprcTrapezoidWeighted),
        (Metric.BestF1, Metric.BestF1Weighted),
    ];

    private readonly BootstrapOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly StratifiedResample _resample;
    private readonly ReadOnlyMemory<int> _labels;
    private readonly double[] _recalls;
    private readonly Metric[] _classMetrics;

    private Bootstrap(SlcMetrics metrics, Logits logits, BootstrapOptions options, CancellationToken cancellation)
    {
        _options = options;
        _cancellation = cancellation;
        _labels = logits.Labels;
        _resample = new(_labels.Span, logits.ClassCount, options.Seed);
        _recalls = [.. metrics.PrecisionAtRecall.Keys];
        _classMetrics = [Metric.Auprc, Metric.AuprcTrapezoid, Metric.BestF1, .. _recalls.Select(Metric.AtRecall), Metric.Accuracy, Metric.Top5Accuracy];
    }

    private int MeasureCount => _classMetrics.Length;

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
        var sums = new ClassSums(ReplicateCount, MeasureCount, metrics);
        var width = (int)Math.Clamp(Math.Min(StripLength / logits.Count, StripLength / ((long)ReplicateCount * MeasureCount)), 1, classes.Length);
        var ranks = TrueRanks.Of(logits, _cancellation);
        var truths = new RankedTruths(_labels.Span, classes.Length, ranks);
        for (var first = 0; first < classes.Length; first += width)
            RunStrip<T>(scores, truths, metrics.Class, first, Math.Min(width, classes.Length - first), classes, sums);

        var replicates = new Dictionary<string, double[]>();
        for (var m = 0; m < MeasureCount; m++)
            replicates[_classMetrics[m].Name] = sums.Means(m);
        replicates[Metric.BalancedAccuracy.Name] = replicates[Metric.Accuracy.Name];
        foreach (var (metric, weighted) in Weighted.Concat(_recalls.Select(recall => (Metric.AtRecall(recall), Metric.AtRecallWeighted(recall)))))
            replicates[weighted.Name] = sums.WeightedMeans(Array.IndexOf(_classMetrics, _classMetrics.First(item => item.Name == metric.Name)));
        AddExampleMeasures(replicates, ranks, ThresholdRanges<T>.Of(scores, _cancellation));
        var interval = new SortedDictionary<string, ConfidenceInterval>(StringComparer.OrdinalIgnoreCase);
        foreach (var metric in Metric.In(metrics))
        {
            var positives = logits.Count / (double)metrics.Class.Count(item => item.Positives > 0);
            if (IsImitated(metric, positives) && BootstrapInterval.From(metric.Of(metrics)!.Value, [.. replicates[metric.Name]], _options) is { } found)
                interval[metric.Name] = found;
        }

        var checksum = XxHash64.HashToUInt64(MemoryMarshal.AsBytes(_labels.Span));
        return metrics with { Class = classes, Interval = interval, Replicates = new(_options, checksum, replicates) };
    }

    private void RunStrip<T>(
        Logits scores, RankedTruths truths, IReadOnlyList<ClassMetrics> measured, int first, int width, ClassMetrics[] classes, ClassSums sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var ranked = Rank<T>(scores, first, width);
        var length = width * MeasureCount;
        var values = new double[ReplicateCount * length];
        ForEachReplicate((b, counts) =>
        {
            var row = values.AsSpan(b * length, length);
            for (var c = 0; c < width; c++)
            {
                var measures = row.Slice(c * MeasureCount, MeasureCount);
                ranked[c]?.Measure(counts, _recalls, measures[..^2]);
                var (right, nearly) = truths.Count(counts, first + c);
                var positives = Math.Max(1, measured[first + c].Positives);
                (measures[^2], measures[^1]) = (right / (double)positives, nearly / (double)positives);
                sums.Add(b, first + c, measures);
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
            // No threshold selects a class whose positives are all negative infinity, and then there is no best F1.
            if (_classMetrics[m].Of(metrics) is not { } value || !IsImitated(_classMetrics[m], metrics.Positives))
                continue;
            var replicates = new double[ReplicateCount];
            for (var b = 0; b < replicates.Length; b++)
                replicates[b] = values[b * stride + offset + m];
            if (BootstrapInterval.From(value, replicates, _options) is { } found)
                interval[_classMetrics[m].Name] = found;
        }

        return interval;
    }

    /// <summary>Whether resamples move a measure as other samples would.</summary>
    private static bool IsImitated(Metric metric, double positives) =>
        metric.Recall is not { } recall || positives * (1 - recall) >= FewestLeftOut - 1e-9;

    /// <summary>Adds the measures of examples: their shares among the n of each resample.</summary>
    private void AddExampleMeasures<T>(Dictionary<string, double[]> replicates, int[] ranks, ThresholdRanges<T> ranges)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (first, top, uniform) = (new double[ReplicateCount], new double[ReplicateCount], new double[ReplicateCount]);
        ForEachReplicate((b, counts) =>
        {
            long correct = 0, nearly = 0;
            for (var i = 0; i < ranks.Length; i++)
            {
                correct += ranks[i] == 0 ? counts[i] : 0;
                nearly += ranks[i] < TrueRanks.Most ? counts[i] : 0;
            }

            var n = (double)ranks.Length;
            (first[b], top[b], uniform[b]) = (correct / n, nearly / n, ranges.Measure(counts) / n);
        });
        replicates[Metric.Accuracy.Name] = first;
        replicates[Metric.Top5Accuracy.Name] = top;
        replicates[Metric.UniformAccuracy.Name] = uniform;
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
