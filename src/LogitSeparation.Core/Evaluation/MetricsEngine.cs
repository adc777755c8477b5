using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Computes <see cref="SlcMetrics"/>: one pass for the true logits and accuracy, one that counts every score between its class's
/// positives. Exact with ties. Tables that are float32 stay so, and memory is O(n + block).
/// </summary>
internal static class MetricsEngine
{
    private const double Recall90 = 0.9;
    private const double Recall99 = 0.99;

    /// <summary>Measures a table; see <see cref="SlcMetrics.Measure"/>.</summary>
    public static SlcMetrics Measure(Logits logits, MetricsOptions options, CancellationToken cancellationToken)
    {
        var recalls = Recalls(options.Recall);
        return logits.IsDouble
            ? Measure<double>(logits, options.Score, recalls, cancellationToken)
            : Measure<float>(logits, options.Score, recalls, cancellationToken);
    }

    private static SlcMetrics Measure<T>(Logits logits, MetricsScore score, double[] recalls, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var scan = RowScan<T>.Over(logits, cancellationToken);
        ClassMetrics[] classes;
        if (score == MetricsScore.AllLogits)
        {
            var scores = new AllLogitScores(logits);
            var trueScores = RowScan<double>.Over(scores, cancellationToken).TrueLogits;
            classes = MeasureClasses<double>(scores, trueScores, recalls, cancellationToken);
        }
        else
        {
            classes = MeasureClasses(logits, scan.TrueLogits, recalls, cancellationToken);
        }

        return Summarize(logits, score, classes, recalls, scan.CorrectCount);
    }

    private static ClassMetrics[] MeasureClasses<T>(Logits scores, T[] trueScores, double[] recalls, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var k = scores.ClassCount;
        var positives = new ClassPositives<T>(trueScores, scores.Labels.Span, k);
        var counts = GapCounts<T>.Over(scores, positives, cancellationToken);
        var classes = new ClassMetrics[k];
        Partition.ForEach(k, minimum: 16, (from, to) =>
        {
            for (var j = from; j < to; j++)
            {
                var curve = positives.Count(j) == 0 ? null : new PrecisionRecall(positives.Multiplicities(j), counts[j]);
                classes[j] = Describe(scores.ClassNames[j], j, positives.Count(j), curve, recalls);
            }
        });
        return classes;
    }

    private static ClassMetrics Describe(string name, int index, int positives, PrecisionRecall? curve, double[] recalls)
    {
        var precision = new SortedList<double, double?>(recalls.Length);
        foreach (var recall in recalls)
            precision.Add(recall, curve?.PrecisionAt(recall));
        return new ClassMetrics
        {
            Name = name,
            Index = index,
            Positives = positives,
            Auprc = curve?.AveragePrecision,
            AuprcTrapezoid = curve?.Trapezoid,
            PrecisionAt90 = precision[Recall90],
            PrecisionAt99 = precision[Recall99],
            PrecisionAtRecall = precision,
        };
    }

    private static SlcMetrics Summarize(Logits logits, MetricsScore score, ClassMetrics[] classes, double[] recalls, int correct)
    {
        var present = Array.FindAll(classes, item => item.Positives > 0);
        var precision = new SortedList<double, double>(recalls.Length);
        foreach (var recall in recalls)
            precision.Add(recall, present.Average(item => item.PrecisionAtRecall[recall]!.Value));
        return new SlcMetrics
        {
            Dataset = logits.Dataset,
            Split = logits.Split,
            Loss = logits.Loss,
            Seed = logits.Seed,
            LearningRate = logits.LearningRate,
            Score = score,
            ExampleCount = logits.Count,
            ClassCount = logits.ClassCount,
            Auprc = present.Average(item => item.Auprc!.Value),
            AuprcTrapezoid = present.Average(item => item.AuprcTrapezoid!.Value),
            PrecisionAt90 = precision[Recall90],
            PrecisionAt99 = precision[Recall99],
            Accuracy = correct / (double)logits.Count,
            PrecisionAtRecall = precision,
            Class = classes,
            AbsentClasses = [.. classes.Where(item => item.Positives == 0).Select(item => item.Name)],
        };
    }

    private static double[] Recalls(IReadOnlyList<double> asked)
    {
        foreach (var recall in asked)
        {
            if (!(recall > 0 && recall <= 1))
            {
                throw new SlcException("RecallOutOfRange", SlcErrorKind.InvalidArgument,
                    $"Recall {recall} is not above 0 and at most 1: it is the share of a class's examples that has to be found.", recall);
            }
        }

        return [.. asked.Append(Recall90).Append(Recall99).Distinct().Order()];
    }
}
