using System.Numerics;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Computes <see cref="SlcMetrics"/> and <see cref="SeparationReport"/> together or apart: the true logits are picked and sorted,
/// then one pass counts all others against them. Exact with ties. Tables that are float32 stay so; memory is O(n + block).
/// </summary>
internal static class Evaluator
{
    /// <summary>Measures a table.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="metrics">What metrics to compute; null for none.</param>
    /// <param name="witnessCount">How many violations of separation to name; null for no report on it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static (SlcMetrics? Metrics, SeparationReport? Separation) Measure(
        Logits logits, MetricsOptions? metrics, int? witnessCount, CancellationToken cancellationToken)
    {
        var recalls = metrics is null ? [] : MetricsAverages.Recalls(metrics.Recall);
        if (witnessCount is { } count)
            Separation.CheckWitnessCount(count);
        metrics?.Bootstrap?.Validate();
        var measured = logits.IsDouble
            ? Measure<double>(logits, metrics?.Score, recalls, witnessCount, cancellationToken)
            : Measure<float>(logits, metrics?.Score, recalls, witnessCount, cancellationToken);
        return metrics?.Bootstrap is { } bootstrap
            ? (Bootstrap.AddIntervals(measured.Metrics!, logits, bootstrap, cancellationToken), measured.Separation)
            : measured;
    }

    private static (SlcMetrics? Metrics, SeparationReport? Separation) Measure<T>(
        Logits logits, MetricsScore? score, double[] recalls, int? witnessCount, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var trueLogits = TrueLogits.Of<T>(logits, cancellationToken);
        if (witnessCount is not null)
            Separation.CountPairs(logits);
        var positives = score == MetricsScore.SingleLogit ? new ClassPositives<T>(trueLogits, logits.Labels.Span, logits.ClassCount) : null;
        var sorted = witnessCount is null ? null : new SortedLogits<T>(trueLogits);
        var scan = TableScan<T>.Over(logits, positives, sorted, witnessCount ?? 0, cancellationToken);
        var separation = witnessCount is null ? null : Separation.Report(logits, trueLogits, scan);
        var metrics = score switch
        {
            null => null,
            MetricsScore.AllLogits => MeasureAllLogits(logits, scan.Rows, recalls, cancellationToken),
            _ => MetricsAverages.Of(logits, MetricsScore.SingleLogit, scan.Rows, trueLogits, scan.Rows, Classes(logits, positives!, scan.Gaps!, recalls)),
        };
        return (metrics, separation);
    }

    private static SlcMetrics MeasureAllLogits<T>(Logits logits, RowFindings<T> rows, double[] recalls, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var scores = new AllLogitScores(logits);
        var trueScores = TrueLogits.Of<double>(scores, cancellationToken);
        var positives = new ClassPositives<double>(trueScores, logits.Labels.Span, logits.ClassCount);
        var scan = TableScan<double>.Over(scores, positives, null, 0, cancellationToken);
        return MetricsAverages.Of(
            logits, MetricsScore.AllLogits, rows, trueScores, scan.Rows, Classes(logits, positives, scan.Gaps!, recalls));
    }

    private static ClassMetrics[] Classes<T>(Logits logits, ClassPositives<T> positives, GapCounts<T> gaps, double[] recalls)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var classes = new ClassMetrics[logits.ClassCount];
        Partition.ForEach(classes.Length, minimum: 16, (from, to) =>
        {
            for (var j = from; j < to; j++)
                classes[j] = Describe(logits.ClassNames[j], j, positives, gaps, recalls);
        });
        return classes;
    }

    private static ClassMetrics Describe<T>(string name, int j, ClassPositives<T> positives, GapCounts<T> gaps, double[] recalls)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var isPresent = positives.Count(j) > 0;
        var curve = isPresent ? new PrecisionRecall(positives.Multiplicities(j), gaps[j]) : null;
        var best = isPresent ? BestF1.Find(positives.Scores(j), positives.Multiplicities(j), gaps[j], gaps.HighestBelow(j)) : null;
        var precision = new SortedList<double, double?>(recalls.Length);
        foreach (var recall in recalls)
            precision.Add(recall, curve?.PrecisionAt(recall));
        return new ClassMetrics
        {
            Name = name,
            Index = j,
            Positives = positives.Count(j),
            Auprc = curve?.AveragePrecision,
            AuprcTrapezoid = curve?.Trapezoid,
            PrecisionAt90 = precision[MetricsAverages.Recall90],
            PrecisionAt99 = precision[MetricsAverages.Recall99],
            PrecisionAtRecall = precision,
            BestF1 = best?.Value,
            BestF1Threshold = best?.Threshold,
        };
    }
}
