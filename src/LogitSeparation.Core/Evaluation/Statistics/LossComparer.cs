namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Compares losses with a reference, measure by measure.</summary>
public static class LossComparer
{
    /// <summary>Compares every loss with the reference on its data set, and corrects for all the comparisons together.</summary>
    /// <param name="metrics">The results: for each loss one for each run.</param>
    /// <param name="options">What to compare, and how; null for the defaults.</param>
    /// <returns>One comparison for each data set, split, loss, setting and measure.</returns>
    /// <exception cref="SlcException">
    /// <c>ReferenceMissing</c>, <c>ReferenceAmbiguous</c>, <c>NothingToCompare</c>, <c>SeedRepeated</c>, <c>SeedUnknown</c>, <c>RunsDiffer</c>, <c>RunsUnpaired</c>, <c>UnknownMetric</c>,
    /// <c>PairingInvalid</c>, <c>ConfidenceLevelOutOfRange</c>.
    /// </exception>
    public static IReadOnlyList<LossComparison> Compare(IEnumerable<SlcMetrics> metrics, ComparisonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        options ??= new();
        Validate(options);
        var drafts = RunGroup.Of(metrics)
            .GroupBy(group => (group.Dataset, group.Split))
            .SelectMany(groups => CompareAll([.. groups], options))
            .ToList();
        var pValues = drafts.Select(draft => draft.PValue).OfType<double>().ToArray();
        var adjusted = new Queue<double>(HolmCorrection.Adjust(pValues));
        return [.. drafts.Select(draft => Conclude(draft, draft.Test is null ? null : adjusted.Dequeue(), pValues.Length, options))];
    }

    private static void Validate(ComparisonOptions options)
    {
        ConfidenceInterval.CheckLevel(options.ConfidenceLevel);
        if (options.Pairing == Pairing.Example)
        {
            throw new SlcException("PairingInvalid", SlcErrorKind.InvalidArgument,
                "Losses are tested over seeds or over classes. For an interval over examples, measure with -Bootstrap and leave the pairing out.",
                options.Pairing);
        }
    }

    private static IEnumerable<LossComparison> CompareAll(IReadOnlyList<RunGroup> groups, ComparisonOptions options)
    {
        var references = ReferenceGroups.Of(groups, options.Reference);
        return references.Compared.SelectMany(group =>
        {
            var runs = PairedRuns.Of(references.For(group), group);
            return Metrics(runs, options).Select(metric => Compare(runs, metric, options));
        });
    }

    private static IEnumerable<Metric> Metrics(PairedRuns runs, ComparisonOptions options)
    {
        var known = runs.Reference.Concat(runs.Compared).Select(Metric.In)
            .Aggregate((a, b) => [.. a.Intersect(b, MetricNames.Instance)]).ToList();
        if (options.Metric.Count == 0)
            return Metric.Paper.Where(metric => known.Contains(metric, MetricNames.Instance));
        return options.Metric.Select(name => known.Find(metric => metric.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new SlcException("UnknownMetric", SlcErrorKind.InvalidArgument,
                $"There is no measure '{name}' that all runs of {runs.Group.Title} and {runs.ReferenceGroup.Title} have.{NearestName.Suggest(name, known.Select(metric => metric.Name))} "
                + $"There are: {string.Join(", ", known)}.", name));
    }

    private static LossComparison Compare(PairedRuns runs, Metric metric, ComparisonOptions options)
    {
        var pairing = options.Pairing ?? (runs.Count >= 2 ? Pairing.Seed : Pairing.Class);
        var (a, b) = pairing == Pairing.Seed ? runs.ErrorsBySeed(metric) : runs.ErrorsByClass(metric);
        var differences = MeasureRounding.Differences(a, b);
        var test = options.Test ?? (pairing == Pairing.Seed ? TestKind.PairedT : TestKind.Wilcoxon);
        var (interval, over) = (RelativeImprovement.Interval(a, b, options.ConfidenceLevel), (Pairing?)pairing);
        if (pairing == Pairing.Class && runs.BootstrapInterval(metric, options.ConfidenceLevel) is { } bootstrap)
            (interval, over) = (bootstrap, Pairing.Example);
        var (value, referenceValue) = (runs.Compared.Average(run => metric.Of(run)!.Value), runs.Reference.Average(run => metric.Of(run)!.Value));
        return new LossComparison
        {
            Dataset = runs.Group.Dataset,
            Split = runs.Group.Split,
            Metric = metric.Name,
            MetricTitle = metric.Title,
            Loss = runs.Group.Loss,
            Source = runs.Group.Source,
            Score = runs.Group.Score,
            Setting = runs.Group.Difference,
            Reference = runs.ReferenceGroup.Title,
            Value = value,
            ReferenceValue = referenceValue,
            RelativeImprovement = RelativeImprovement.Of(1 - referenceValue, 1 - value),
            Interval = interval is null ? null : interval with { Upper = Math.Min(1, interval.Upper) },
            IntervalPairing = interval is null ? null : over,
            Pairing = pairing,
            RunCount = runs.Count,
            UnpairedRunCount = runs.UnpairedCount,
            PairCount = a.Length,
            BetterCount = differences.Count(difference => difference > 0),
            WorseCount = differences.Count(difference => difference < 0),
            Test = test == TestKind.PairedT ? PairedT.Test(differences) : WilcoxonSignedRank.Test(differences),
            ComparisonCount = 0,
            IsSignificant = false,
            Verdict = "",
        };
    }

    private static LossComparison Conclude(LossComparison draft, double? adjusted, int count, ComparisonOptions options)
    {
        var complete = draft with
        {
            AdjustedPValue = adjusted,
            ComparisonCount = count,
            IsSignificant = adjusted < 1 - options.ConfidenceLevel,
        };
        return complete with { Verdict = ComparisonVerdict.Of(complete, options) };
    }

    private sealed class MetricNames : IEqualityComparer<Metric>
    {
        public static MetricNames Instance { get; } = new();

        public bool Equals(Metric? x, Metric? y) => x?.Name == y?.Name;

        public int GetHashCode(Metric obj) => obj.Name.GetHashCode(StringComparison.Ordinal);
    }
}
