using LogitSeparation.Core.Data;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Results that differ by their seed alone: the runs of one loss on one data set.</summary>
/// <param name="Dataset">The data set, where known.</param>
/// <param name="Split">The split, where known.</param>
/// <param name="Loss">The loss, where known.</param>
/// <param name="Score">What examples were ranked by.</param>
/// <param name="Runs">One result for each run, in the order given.</param>
internal sealed record RunGroup(string? Dataset, Split? Split, string? Loss, MetricsScore Score, IReadOnlyList<SlcMetrics> Runs)
{
    /// <summary>The seeds that are known, rising.</summary>
    public IReadOnlyList<int> Seeds => Runs.Where(run => run.Seed.HasValue).Select(run => run.Seed!.Value).Order().ToArray();

    /// <summary>How the loss is called in sentences and tables.</summary>
    public string Title => TitleOf(Loss, Score);

    /// <summary>How a loss is called in sentences and tables.</summary>
    public static string TitleOf(string? loss, MetricsScore score) =>
        score == MetricsScore.AllLogits ? $"{loss ?? "unknown"}, all logits" : loss ?? "unknown";

    /// <summary>Groups results, in order of first appearance. A loss is the same whatever its case.</summary>
    /// <param name="metrics">The results.</param>
    /// <exception cref="SlcException">
    /// <c>SeedRepeated</c>: the same run twice would make everything look surer than it is. <c>SeedUnknown</c>: one of several runs could
    /// be another one again. <c>RunsDiffer</c>: other examples or classes.
    /// </exception>
    public static IReadOnlyList<RunGroup> Of(IEnumerable<SlcMetrics> metrics)
    {
        var groups = metrics
            .GroupBy(item => (item.Dataset, item.Split, Loss: item.Loss?.ToUpperInvariant(), item.Score))
            .Select(group => new RunGroup(group.Key.Dataset, group.Key.Split, group.First().Loss, group.Key.Score, [.. group]))
            .ToList();
        groups.ForEach(group => group.Check());
        return groups;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Title} on {Dataset ?? "an unknown data set"}{(Split is null ? "" : $" ({Split})")}";

    private void Check()
    {
        if (Runs.Count > 1 && Seeds.Count < Runs.Count)
        {
            throw new SlcException("SeedUnknown", SlcErrorKind.InvalidData,
                $"There are {Runs.Count} results of {this}, and the seed of {Runs.Count - Seeds.Count} is not known, so they may be of the same run. "
                + "Name it (Import-SlcLogit -Seed), or give one result of each loss.", this);
        }

        var repeated = Seeds.GroupBy(seed => seed).FirstOrDefault(seeds => seeds.Count() > 1)?.Key;
        if (repeated is { } seed)
        {
            var rates = Runs.Where(run => run.Seed == seed).Select(run => run.LearningRate).Distinct().ToArray();
            var remedy = rates.Length > 1
                ? FormattableString.Invariant($"they have learning rates {string.Join(", ", rates)}: keep one, chosen on the validation split (Where-Object LearningRate -eq {rates[0]})")
                : "leave out the repetitions";
            throw new SlcException("SeedRepeated", SlcErrorKind.InvalidData,
                $"There are several results of {this} with seed {seed}, but runs have to be independent of one another; {remedy}.", seed);
        }

        var other = Runs.FirstOrDefault(run => run.ClassCount != Runs[0].ClassCount || run.ExampleCount != Runs[0].ExampleCount);
        if (other is not null)
        {
            throw new SlcException("RunsDiffer", SlcErrorKind.InvalidData,
                $"The results of {this} are of {Runs[0].ExampleCount} x {Runs[0].ClassCount} and {other.ExampleCount} x {other.ClassCount} logits, so they are not runs of the same experiment. "
                + "Tell them apart by their data set.", other);
        }
    }
}
