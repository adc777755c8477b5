using System.Globalization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Results that differ by their seed alone: the runs of one loss on one data set.</summary>
/// <param name="Dataset">The data set, where known.</param>
/// <param name="Split">The split, where known.</param>
/// <param name="Loss">The loss, where known.</param>
/// <param name="Score">What examples were ranked by.</param>
/// <param name="Setting">What else the models were trained with, where known.</param>
/// <param name="Runs">One result for each run, in the order given.</param>
internal sealed record RunGroup(string? Dataset, Split? Split, string? Loss, MetricsScore Score, RunSetting? Setting, IReadOnlyList<SlcMetrics> Runs)
{
    /// <summary>The seeds that are known, rising.</summary>
    public IReadOnlyList<int> Seeds => Runs.Where(run => run.Seed.HasValue).Select(run => run.Seed!.Value).Order().ToArray();

    /// <summary>The part of the setting by which the group differs from others on its data set; null where nothing does or it is not known.</summary>
    public string? Difference { get; private init; }

    /// <summary>The file of the logits where that is all that tells them from others: their loss is not known.</summary>
    public string? Source => Loss is null ? Runs[0].Source : null;

    /// <summary>How the loss is called in sentences and tables.</summary>
    public string Title => TitleOf(RunSource.Name(Loss, Source), Score, Difference);

    /// <summary>How a loss is called in sentences and tables.</summary>
    public static string TitleOf(string? loss, MetricsScore score, string? difference)
    {
        var name = score == MetricsScore.AllLogits ? $"{loss ?? "unknown"}, all logits" : loss ?? "unknown";
        return difference is null ? name : $"{name} ({difference})";
    }

    /// <summary>Groups results, in order of first appearance. A loss is the same whatever its case.</summary>
    /// <param name="metrics">The results.</param>
    /// <exception cref="SlcException">
    /// <c>SeedRepeated</c>: the same run twice would make everything look surer than it is. <c>SeedUnknown</c>: one of several runs could
    /// be another one again. <c>RunsDiffer</c>: other examples or classes.
    /// </exception>
    public static IReadOnlyList<RunGroup> Of(IEnumerable<SlcMetrics> metrics)
    {
        var groups = metrics
            .GroupBy(item => (item.Dataset, item.Split, Loss: item.Loss?.ToUpperInvariant(), Source: item.Loss is null ? item.Source : null, item.Score, item.Setting))
            .Select(group => new RunGroup(group.Key.Dataset, group.Key.Split, group.First().Loss, group.Key.Score, group.Key.Setting, [.. group]))
            .GroupBy(group => (group.Dataset, group.Split))
            .SelectMany(groups => Distinguish([.. groups]))
            .ToList();
        groups.ForEach(group => group.Check());
        return groups;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Title} on {Dataset ?? "an unknown data set"}{(Split is null ? "" : $" ({Split})")}";

    // What is alike in what differs stands together.
    private static IEnumerable<RunGroup> Distinguish(IReadOnlyList<RunGroup> groups)
    {
        var differences = RunSetting.Differences([.. groups.Select(group => (group.Loss, group.Setting))]);
        var hasSteps = groups.Select(group => group.Setting?.StepCount).OfType<int>().Distinct().Count() > 1;
        return groups.Select((group, i) => group with { Difference = Join(differences[i], hasSteps ? group.Setting?.StepCount : null) })
            .GroupBy(group => group.Difference)
            .SelectMany(alike => alike);
    }

    private static string? Join(string? difference, int? steps) => steps is null
        ? difference
        : string.Create(CultureInfo.InvariantCulture, $"{difference}{(difference is null ? "" : ", ")}{steps} steps");

    /// <summary>Whether the group is of a loss, whatever its case.</summary>
    /// <param name="loss">The loss, or the name of the file where it is not known.</param>
    public bool IsOf(string? loss) => string.Equals(RunSource.Name(Loss, Source), loss, StringComparison.OrdinalIgnoreCase);

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
