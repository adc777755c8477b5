namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Runs of two losses, matched by their seeds; one run of each is a pair whatever its seed.</summary>
internal sealed class PairedRuns
{
    private PairedRuns(RunGroup referenceGroup, RunGroup group, SlcMetrics[] reference, SlcMetrics[] compared) =>
        (ReferenceGroup, Group, Reference, Compared) = (referenceGroup, group, reference, compared);

    public RunGroup ReferenceGroup { get; }

    public RunGroup Group { get; }

    /// <summary>The reference's runs; the i-th is paired with the i-th of <see cref="Compared"/>.</summary>
    public IReadOnlyList<SlcMetrics> Reference { get; }

    /// <summary>The runs of the loss that is compared.</summary>
    public IReadOnlyList<SlcMetrics> Compared { get; }

    /// <summary>The number of pairs, at least one.</summary>
    public int Count => Reference.Count;

    /// <summary>The number of runs of either loss without a partner.</summary>
    public int UnpairedCount => ReferenceGroup.Runs.Count + Group.Runs.Count - 2 * Count;

    /// <summary>Matches the runs of two losses; those without a partner are left out.</summary>
    /// <exception cref="SlcException"><c>RunsUnpaired</c>, <c>RunsDiffer</c>.</exception>
    public static PairedRuns Of(RunGroup reference, RunGroup group)
    {
        var pairs = reference.Runs.Where(run => run.Seed.HasValue)
            .Join(group.Runs.Where(run => run.Seed.HasValue), run => run.Seed, run => run.Seed, (a, b) => (Reference: a, Compared: b))
            .OrderBy(pair => pair.Reference.Seed)
            .ToList();
        if (pairs.Count == 0 && reference.Runs.Count == 1 && group.Runs.Count == 1)
            pairs.Add((reference.Runs[0], group.Runs[0]));
        if (pairs.Count == 0)
        {
            throw new SlcException("RunsUnpaired", SlcErrorKind.InvalidData,
                $"{group} has {Describe(group)} and {reference.Title} has {Describe(reference)}: none in common, so there are no pairs to compare. "
                + "Train both with the same seeds, or compare one run of each.", group.Title);
        }

        var other = pairs.Find(pair => pair.Reference.ClassCount != pair.Compared.ClassCount || pair.Reference.ExampleCount != pair.Compared.ExampleCount);
        if (other.Reference is not null)
        {
            throw new SlcException("RunsDiffer", SlcErrorKind.InvalidData,
                $"{group} was measured on {other.Compared.ExampleCount} x {other.Compared.ClassCount} logits and {reference.Title} on "
                + $"{other.Reference.ExampleCount} x {other.Reference.ClassCount}: only results on the same examples can be compared.", group.Title);
        }

        return new(reference, group, [.. pairs.Select(pair => pair.Reference)], [.. pairs.Select(pair => pair.Compared)]);
    }

    /// <summary>One minus a measure of every run: the reference's and the other's.</summary>
    public (double[] Reference, double[] Compared) ErrorsBySeed(Metric metric) =>
        ([.. Reference.Select(run => 1 - metric.Of(run)!.Value)], [.. Compared.Select(run => 1 - metric.Of(run)!.Value)]);

    /// <summary>One minus a measure of every class, averaged over the runs; empty for a measure that is no mean of theirs.</summary>
    public (double[] Reference, double[] Compared) ErrorsByClass(Metric metric)
    {
        var classes = Enumerable.Range(0, Reference.Concat(Compared).Min(run => run.Class.Count))
            .Where(j => metric.IsMeanOfClasses && Reference.Concat(Compared).All(run => metric.Of(run.Class[j]).HasValue))
            .ToArray();
        return (Mean(Reference), Mean(Compared));

        double[] Mean(IReadOnlyList<SlcMetrics> runs) =>
            Array.ConvertAll(classes, j => runs.Average(run => 1 - metric.Of(run.Class[j])!.Value));
    }

    /// <summary>
    /// The interval of the relative improvement over resamples of the same examples; null where the results have none in common, or
    /// the reference is perfect in a resample.
    /// </summary>
    public ConfidenceInterval? BootstrapInterval(Metric metric, double level)
    {
        if (Count > 1 || Reference[0].Replicates is not { } a || Compared[0].Replicates is not { } b || !a.IsPairedWith(b)
            || !HasInterval(Reference[0]) || !HasInterval(Compared[0])
            || !a.Values.TryGetValue(metric.Name, out var before) || !b.Values.TryGetValue(metric.Name, out var after))
            return null;
        var measured = RelativeImprovement.Of(1 - metric.Of(Reference[0])!.Value, 1 - metric.Of(Compared[0])!.Value);
        var replicates = before.Zip(after, (x, y) => RelativeImprovement.Of(1 - x, 1 - y)).OfType<double>().ToArray();
        return measured is { } value && replicates.Length == before.Length
            ? Statistics.BootstrapInterval.From(value, replicates, a.Options with { ConfidenceLevel = level })
            : null;

        // What resampling cannot say of one result it cannot say of two.
        bool HasInterval(SlcMetrics run) => run.Interval?.ContainsKey(metric.Name) == true;
    }

    private static string Describe(RunGroup group) =>
        group.Seeds.Count > 0 ? $"seeds {string.Join(", ", group.Seeds)}" : $"{group.Runs.Count} runs of unknown seeds";
}
