using LogitSeparation.Core.Data;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>The measures of one loss on one data set over several seeds. The measures are those themselves, not one minus them.</summary>
public sealed record MetricsSummary
{
    /// <summary>The data set, where known.</summary>
    public string? Dataset { get; init; }

    /// <summary>The split, where known.</summary>
    public Split? Split { get; init; }

    /// <summary>The loss that the models were trained with, where known.</summary>
    public string? Loss { get; init; }

    /// <summary>
    /// The parameters by which it differs from other results on its data set, e.g. <c>BatchSize 32</c>; null where it has the defaults
    /// in what differs, or they are not known.
    /// </summary>
    public string? Setting { get; init; }

    /// <summary>The file that the logits were read from, where their loss is not known.</summary>
    public string? Source { get; init; }

    /// <summary>What examples were ranked by.</summary>
    public required MetricsScore Score { get; init; }

    /// <summary>The number of runs.</summary>
    public required int RunCount { get; init; }

    /// <summary>The seeds of the runs, where known, rising.</summary>
    public required IReadOnlyList<int> Seed { get; init; }

    /// <summary>The learning rates of the runs, where known, rising, each once.</summary>
    public required IReadOnlyList<double> LearningRate { get; init; }

    /// <summary>Mean average precision, averaged over the runs; null where not all runs have it, as the measures that follow.</summary>
    public double? Auprc => Mean(Metric.Auprc);

    /// <summary>The precision at recall 0.9, averaged over the runs.</summary>
    public double? PrecisionAt90 => Mean(Metric.PrecisionAt90);

    /// <summary>The precision at recall 0.99, averaged over the runs.</summary>
    public double? PrecisionAt99 => Mean(Metric.PrecisionAt99);

    /// <summary>The accuracy, averaged over the runs.</summary>
    public double? Accuracy => Mean(Metric.Accuracy);

    /// <summary>Mean, standard deviation and t-interval of every measure that all runs have, by its name.</summary>
    public required IReadOnlyDictionary<string, SampleSummary> Statistic { get; init; }

    /// <summary>Summarises results by data set, split, loss, score and parameters, in order of first appearance.</summary>
    /// <param name="metrics">The results, one for each run.</param>
    /// <param name="level">The confidence level of the intervals.</param>
    /// <exception cref="SlcException"><c>SeedRepeated</c>, <c>SeedUnknown</c>, <c>RunsDiffer</c>, <c>ConfidenceLevelOutOfRange</c>.</exception>
    public static IReadOnlyList<MetricsSummary> Of(IEnumerable<SlcMetrics> metrics, double level = ConfidenceInterval.DefaultLevel)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        ConfidenceInterval.CheckLevel(level);
        return [.. RunGroup.Of(metrics).Select(group => Of(group, level))];
    }

    private double? Mean(Metric metric) => Statistic.TryGetValue(metric.Name, out var summary) ? summary.Mean : null;

    private static MetricsSummary Of(RunGroup group, double level)
    {
        var statistic = new SortedDictionary<string, SampleSummary>(StringComparer.OrdinalIgnoreCase);
        foreach (var metric in Metric.In(group.Runs[0]))
        {
            var values = group.Runs.Select(metric.Of).ToArray();
            if (values.All(value => value.HasValue))
                statistic[metric.Name] = SampleSummary.Of(Array.ConvertAll(values, value => value!.Value), level);
        }

        return new MetricsSummary
        {
            Dataset = group.Dataset,
            Split = group.Split,
            Loss = group.Loss,
            Source = group.Source,
            Score = group.Score,
            Setting = group.Difference,
            RunCount = group.Runs.Count,
            Seed = group.Seeds,
            LearningRate = group.Runs.Where(run => run.LearningRate.HasValue).Select(run => run.LearningRate!.Value).Distinct().Order().ToArray(),
            Statistic = statistic,
        };
    }
}
