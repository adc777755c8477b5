namespace LogitSeparation.Core.Evaluation;

/// <summary>Puts the measures of classes and examples together.</summary>
internal static class MetricsAverages
{
    /// <summary>The recalls of the paper's tables.</summary>
    public const double Recall90 = 0.9;

    /// <inheritdoc cref="Recall90"/>
    public const double Recall99 = 0.99;

    /// <summary>The recalls to measure at: those that are asked for and the paper's, each once, rising.</summary>
    /// <param name="asked">Each in (0, 1].</param>
    /// <exception cref="SlcException"><c>RecallOutOfRange</c>.</exception>
    public static double[] Recalls(IReadOnlyList<double> asked)
    {
        foreach (var recall in asked)
        {
            if (!(recall > 0 && recall <= 1))
            {
                throw new SlcException("RecallOutOfRange", SlcErrorKind.InvalidArgument,
                    FormattableString.Invariant($"Recall {recall} is not above 0 and at most 1: it is the share of a class's examples that has to be found."), recall);
            }
        }

        return [.. asked.Append(Recall90).Append(Recall99).Distinct().Order()];
    }

    /// <summary>Averages over the classes that have positives.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="score">What examples were ranked by.</param>
    /// <param name="hits">The examples that are right.</param>
    /// <param name="classes">The measures of all classes.</param>
    public static SlcMetrics Of(Logits logits, MetricsScore score, ClassHits hits, ClassMetrics[] classes)
    {
        var present = Array.FindAll(classes, item => item.Positives > 0);
        var (precision, weighted) = (new SortedList<double, double>(), new SortedList<double, double>());
        foreach (var recall in present[0].PrecisionAtRecall.Keys)
        {
            precision.Add(recall, present.Average(item => item.PrecisionAtRecall[recall]!.Value));
            weighted.Add(recall, Weighted(present, item => item.PrecisionAtRecall[recall]!.Value));
        }

        var n = (double)logits.Count;
        return new SlcMetrics
        {
            Dataset = logits.Dataset,
            Split = logits.Split,
            Loss = logits.Loss,
            Seed = logits.Seed,
            LearningRate = logits.LearningRate,
            Setting = logits.Setting,
            Source = logits.Source,
            Score = score,
            ExampleCount = logits.Count,
            ClassCount = logits.ClassCount,
            Auprc = present.Average(item => item.Auprc!.Value),
            AuprcWeighted = Weighted(present, item => item.Auprc!.Value),
            AuprcTrapezoid = present.Average(item => item.AuprcTrapezoid!.Value),
            AuprcTrapezoidWeighted = Weighted(present, item => item.AuprcTrapezoid!.Value),
            PrecisionAt90 = precision[Recall90],
            PrecisionAt90Weighted = weighted[Recall90],
            PrecisionAt99 = precision[Recall99],
            PrecisionAt99Weighted = weighted[Recall99],
            BestF1 = present.Average(item => item.BestF1 ?? 0),
            BestF1Weighted = Weighted(present, item => item.BestF1 ?? 0),
            Accuracy = hits.First.Sum() / n,
            BalancedAccuracy = present.Average(item => item.Accuracy!.Value),
            Top5Accuracy = hits.TopFive.Sum() / n,
            UniformAccuracy = hits.Best.Count / n,
            UniformThreshold = hits.Best.Threshold,
            PrecisionAtRecall = precision,
            PrecisionAtRecallWeighted = weighted,
            Class = classes,
            AbsentClasses = classes.Where(item => item.Positives == 0).Select(item => item.Name).ToArray(),
        };
    }

    /// <summary>
    /// The measures with those that are missing averaged over the classes, where these have them: a file may be older than a measure.
    /// </summary>
    /// <param name="metrics">The measures as they were read.</param>
    public static SlcMetrics Complete(SlcMetrics metrics)
    {
        var present = metrics.Class.Where(item => item.Positives > 0).ToArray();
        // A class that no threshold finds has no F1, and a file without F1 has none for any class.
        var hasF1 = present.Any(item => item.BestF1.HasValue);
        var precision = metrics.PrecisionAtRecallWeighted;
        if (precision.Count == 0)
        {
            precision = new SortedList<double, double>(metrics.PrecisionAtRecall.Keys
                .Select(recall => (Recall: recall, Value: Weighted(item => item.PrecisionAtRecall.GetValueOrDefault(recall))))
                .Where(item => item.Value.HasValue).ToDictionary(item => item.Recall, item => item.Value!.Value));
        }

        return metrics with
        {
            AuprcWeighted = metrics.AuprcWeighted ?? Weighted(item => item.Auprc),
            AuprcTrapezoid = metrics.AuprcTrapezoid ?? Mean(item => item.AuprcTrapezoid),
            AuprcTrapezoidWeighted = metrics.AuprcTrapezoidWeighted ?? Weighted(item => item.AuprcTrapezoid),
            PrecisionAt90Weighted = metrics.PrecisionAt90Weighted ?? Weighted(item => item.PrecisionAt90),
            PrecisionAt99Weighted = metrics.PrecisionAt99Weighted ?? Weighted(item => item.PrecisionAt99),
            PrecisionAtRecallWeighted = precision,
            BestF1 = metrics.BestF1 ?? (hasF1 ? Mean(item => item.BestF1 ?? 0) : null),
            BestF1Weighted = metrics.BestF1Weighted ?? (hasF1 ? Weighted(item => item.BestF1 ?? 0) : null),
            BalancedAccuracy = metrics.BalancedAccuracy ?? Mean(item => item.Accuracy),
            Top5Accuracy = metrics.Top5Accuracy ?? Weighted(item => item.Top5Accuracy),
            UniformAccuracy = metrics.UniformAccuracy ?? Weighted(item => item.UniformAccuracy),
        };

        double? Mean(Func<ClassMetrics, double?> measure) => Has(measure) ? present.Average(item => measure(item)!.Value) : null;

        double? Weighted(Func<ClassMetrics, double?> measure) => Has(measure) ? MetricsAverages.Weighted(present, item => measure(item)!.Value) : null;

        bool Has(Func<ClassMetrics, double?> measure) => present.Length > 0 && present.All(item => measure(item).HasValue);
    }

    private static double Weighted(ClassMetrics[] present, Func<ClassMetrics, double> measure) =>
        present.Sum(item => item.Positives * measure(item)) / present.Sum(item => (long)item.Positives);
}
