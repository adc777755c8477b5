using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Reports;

/// <summary>Lines through the points of histories, one for each run.</summary>
internal static class HistorySeries
{
    /// <summary>The axis that histories lie along.</summary>
    public static FigureAxis Steps() => new() { Label = "step", Minimum = 0 };

    /// <summary>Whether runs of several seeds stand together in one line.</summary>
    /// <param name="runs">The runs.</param>
    public static bool HasSeeds(IReadOnlyList<RunResult> runs) => Groups(runs).Any(group => group.Runs.Count > 1);

    /// <summary>
    /// A line for each run that has values; for runs that differ by their seed alone one through their means, with a band from the
    /// least to the largest.
    /// </summary>
    /// <param name="runs">The runs; all of them, so that a run looks the same in every panel.</param>
    /// <param name="value">What is shown of a point; null, or not finite, where it is left out.</param>
    public static IReadOnlyList<FigureSeries> Create(IReadOnlyList<RunResult> runs, Func<HistoryPoint, double?> value)
    {
        var groups = Groups(runs);
        var looks = FigureColors.Assign([.. groups.Select(group => group.Runs[0].Family)]);
        return [.. groups.Select((group, i) => Create(group, value, looks[i])).OfType<FigureSeries>()];
    }

    private static IReadOnlyList<RunSeries> Groups(IReadOnlyList<RunResult> runs)
    {
        var groups = RunSeries.Of(runs, _ => 0, alone: true);
        if (groups.Any(group => group.Runs.Count > 1))
            return groups;
        var names = RunNames.Distinguish(runs);
        return [.. runs.Select((run, i) => new RunSeries(names[i], [run]))];
    }

    private static FigureSeries? Create(RunSeries group, Func<HistoryPoint, double?> value, FigureLook look)
    {
        var points = group.Runs.SelectMany(run => run.History).Select(point => (point.Step, Value: value(point)))
            .Where(point => point.Value is { } y && double.IsFinite(y)).GroupBy(point => point.Step, point => point.Value!.Value).OrderBy(step => step.Key).ToList();
        // A mean over other runs than at the step before would jump for that alone.
        var full = points.Where(step => step.Count() == group.Runs.Count).ToList();
        points = full.Count > 0 ? full : points;
        return points.Count == 0 ? null : new FigureSeries
        {
            Name = group.Name,
            Kind = group.Runs.Count > 1 ? FigureSeriesKind.Line : FigureSeriesKind.MarkedLine,
            X = [.. points.Select(step => (double)step.Key)],
            Y = [.. points.Select(step => step.Average())],
            Low = group.Runs.Count > 1 ? [.. points.Select(step => step.Min())] : [],
            High = group.Runs.Count > 1 ? [.. points.Select(step => step.Max())] : [],
            Color = look.Color,
            Dash = look.Dash,
        };
    }
}
