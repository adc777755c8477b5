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
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static EvaluationResult Measure(Logits logits, EvaluationRequest request, CancellationToken cancellationToken)
    {
        var recalls = MetricsAverages.Recalls(request.Options.Recall);
        if (request.WitnessCount is { } count)
            Separation.CheckWitnessCount(count);
        request.Options.Bootstrap?.Validate();
        var measured = logits.IsDouble
            ? Measure<double>(logits, request, recalls, cancellationToken)
            : Measure<float>(logits, request, recalls, cancellationToken);
        if (request.Options.Bootstrap is not { } bootstrap)
            return measured;
        return measured with { SingleLogit = AddIntervals(measured.SingleLogit), AllLogits = AddIntervals(measured.AllLogits) };

        SlcMetrics? AddIntervals(SlcMetrics? metrics) =>
            metrics is null ? null : Bootstrap.AddIntervals(metrics, logits, bootstrap, cancellationToken);
    }

    private static EvaluationResult Measure<T>(Logits logits, EvaluationRequest request, double[] recalls, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var normalized = request.AllLogits ? new NormalizedRows(logits) : null;
        var trueLogits = TrueLogits.Of<T>(logits, normalized, cancellationToken);
        if (request.WitnessCount is not null)
            Separation.CountPairs(logits);
        var positives = request.SingleLogit || request.ByClass ? Positives(logits, trueLogits) : null;
        var scorePositives = normalized is null ? null : Positives(logits, normalized.TrueScores);
        var scan = TableScan<T>.Over(
            logits,
            positives,
            request.WitnessCount is null ? null : new SortedLogits<T>(trueLogits),
            normalized is null ? null : Scores(logits, normalized, scorePositives!),
            request.WitnessCount ?? 0,
            cancellationToken);
        return new EvaluationResult(
            !request.SingleLogit ? null : Average(
                logits, MetricsScore.SingleLogit, ClassHits.Of(logits, scan.Rows, trueLogits, scan.Rows), positives!, scan.Gaps!, recalls),
            normalized is null ? null : Average(
                logits, MetricsScore.AllLogits, ClassHits.Of(logits, scan.Rows, normalized.TrueScores, scan.Scores!.Rows), scorePositives!, scan.Scores.Gaps, recalls),
            request.WitnessCount is null ? null : Separation.Report(logits, trueLogits, scan) with { Class = Separation.ByClass(logits, positives, scan.Gaps) });
    }

    private static SlcMetrics Average<T>(Logits logits, MetricsScore score, ClassHits hits, ClassPositives<T> positives, GapCounts<T> gaps, double[] recalls)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        MetricsAverages.Of(logits, score, hits, Classes(logits, hits, positives, gaps, recalls));

    private static ClassPositives<T> Positives<T>(Logits logits, T[] trueScores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(trueScores, logits.Labels.Span, logits.ClassCount);

    private static Func<ScoreScan> Scores(Logits logits, NormalizedRows normalized, ClassPositives<double> positives)
    {
        var (rows, index) = (new RowFindings<double>(logits.Count), new PositiveIndex<double>(positives));
        return () => new ScoreScan(normalized, rows, new GapCounts<double>(positives, index));
    }

    private static ClassMetrics[] Classes<T>(Logits logits, ClassHits hits, ClassPositives<T> positives, GapCounts<T> gaps, double[] recalls)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var classes = new ClassMetrics[logits.ClassCount];
        Partition.ForEach(classes.Length, minimum: 16, (from, to) =>
        {
            for (var j = from; j < to; j++)
                classes[j] = Describe(logits.ClassNames[j], j, hits, positives, gaps, recalls);
        });
        return classes;
    }

    private static ClassMetrics Describe<T>(string name, int j, ClassHits hits, ClassPositives<T> positives, GapCounts<T> gaps, double[] recalls)
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
            Accuracy = Share(hits.First[j]),
            Top5Accuracy = Share(hits.TopFive[j]),
            UniformAccuracy = Share(hits.Uniform[j]),
        };

        double? Share(int hit) => isPresent ? hit / (double)positives.Count(j) : null;
    }
}
