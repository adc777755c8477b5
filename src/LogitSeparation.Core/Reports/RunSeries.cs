using System.Globalization;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Reports;

/// <summary>Runs that stand together in a figure, as they differ by their seed alone at each position.</summary>
/// <param name="Name">A name that no other series has.</param>
/// <param name="Runs">The runs.</param>
internal sealed record RunSeries(string Name, IReadOnlyList<RunResult> Runs)
{
    private static readonly Func<RunResult, string?>[] Details =
    [
        run => run.LearningRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"rate {rate:G4}") : null,
        run => run.Step is { } step ? string.Create(CultureInfo.InvariantCulture, $"{step} steps") : null,
    ];

    /// <summary>Whether runs are known to be of different seeds, so that an interval over them means something.</summary>
    public static bool AreSeeds(IReadOnlyCollection<RunResult> runs) =>
        runs.All(run => run.Seed is not null) && runs.Select(run => run.Seed).Distinct().Count() == runs.Count;

    /// <summary>
    /// Groups runs by loss, data set, split and parameters, and where a seed comes again at the same position, by learning rate and number of
    /// steps too.
    /// </summary>
    /// <param name="runs">The runs.</param>
    /// <param name="position">Where a run stands on the axis; constant where there is none.</param>
    /// <param name="alone">Whether runs that nothing tells apart become series of their own.</param>
    public static IReadOnlyList<RunSeries> Of(IReadOnlyList<RunResult> runs, Func<RunResult, double> position, bool alone)
    {
        var hasDatasets = runs.Select(run => run.Dataset).Distinct().Count() > 1;
        var hasSplits = runs.Select(run => run.Split).Distinct().Count() > 1;
        var settings = RunSetting.Differences([.. runs.Select(run => (run.Loss, run.Setting))]);
        var groups = runs.Select((run, i) => (Run: run, Setting: settings[i])).GroupBy(item => (item.Run.Name, item.Run.Dataset, item.Run.Split, item.Setting))
            .SelectMany(group => Divide(
                Join(group.Key.Name, hasDatasets ? group.Key.Dataset : null, hasSplits ? group.Key.Split?.ToString() : null, group.Key.Setting),
                [.. group.Select(item => item.Run)], position, alone));
        return RunNames.Number(groups, group => group.Name, (group, name) => group with { Name = name });
    }

    /// <summary>Groups as <see cref="Of"/> does where there is no position, in the order of the paper's table: the row over all logits follows its loss.</summary>
    /// <param name="runs">The runs.</param>
    public static IReadOnlyList<RunSeries> InPaperOrder(IReadOnlyList<RunResult> runs) =>
        [.. Of(runs, _ => 0, alone: true).OrderBy(group => Rank(group.Runs[0]))];

    private static int Rank(RunResult run)
    {
        var index = LossCatalog.Known.Select(info => info.Name).ToList().IndexOf(run.Loss ?? "");
        return 2 * (index < 0 ? LossCatalog.Known.Count : index) + (run.Score == MetricsScore.AllLogits ? 1 : 0);
    }

    private static IEnumerable<RunSeries> Divide(
        string name, IReadOnlyList<RunResult> runs, Func<RunResult, double> position, bool alone, int level = 0)
    {
        if (runs.GroupBy(position).All(group => group.Count() == 1 || AreSeeds([.. group])))
            return [new(name, runs)];
        if (level == Details.Length)
            return alone ? runs.Select(run => new RunSeries(name, [run])) : [new(name, runs)];

        // What is the position itself cannot tell runs at one position apart, and would tear a line into points.
        var helps = runs.GroupBy(position).Any(group => group.Select(Details[level]).Distinct().Count() > 1);
        return helps
            ? runs.GroupBy(Details[level]).SelectMany(group => Divide(Join(name, group.Key), [.. group], position, alone, level + 1))
            : Divide(name, runs, position, alone, level + 1);
    }

    private static string Join(params string?[] parts) => string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));
}
