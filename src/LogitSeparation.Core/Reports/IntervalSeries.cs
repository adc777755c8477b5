using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Reports;

/// <summary>Lines through means, with intervals where a position has several seeds.</summary>
internal static class IntervalSeries
{
    /// <summary>The distance of intervals at one position, and of the first from the last, in pixels: seen apart, and read at the same position.</summary>
    private const double Distance = 3;
    private const double MostInAll = 12;

    /// <summary>A line for each group.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="x">The position of a run.</param>
    /// <param name="y">Its value.</param>
    public static IReadOnlyList<FigureSeries> Create(
        IReadOnlyList<RunSeries> groups, Func<RunResult, double> x, Func<RunResult, double> y)
    {
        var looks = FigureColors.Assign([.. groups.Select(group => group.Runs[0].Family)]);
        FigureSeries[] series = [.. groups.Select((group, i) => Create(group, x, y, looks[i]))];
        return SideBySide(series);
    }

    // Where intervals of several lines stand at one position, each would hide the others.
    private static FigureSeries[] SideBySide(FigureSeries[] series)
    {
        var moved = series.Where(line => line.Low.Any(double.IsFinite)).ToList();
        if (moved.Count < 2)
            return series;
        var distance = Math.Min(Distance, MostInAll / (moved.Count - 1));
        return [.. series.Select(line => moved.IndexOf(line) is >= 0 and var i ? line with { Shift = (i - (moved.Count - 1) / 2.0) * distance } : line)];
    }

    private static FigureSeries Create(RunSeries group, Func<RunResult, double> x, Func<RunResult, double> y, FigureLook look)
    {
        var means = group.Runs.GroupBy(x).OrderBy(runs => runs.Key).Select(runs =>
        {
            var summary = SampleSummary.Of([.. runs.Select(y)]);
            return (X: runs.Key, Y: RunSeries.AreSeeds([.. runs]) ? summary : summary with { Interval = null });
        }).ToList();
        return new FigureSeries
        {
            Name = group.Name,
            Kind = FigureSeriesKind.MarkedLine,
            X = [.. means.Select(point => point.X)],
            Y = [.. means.Select(point => point.Y.Mean)],
            Low = [.. means.Select(point => point.Y.Interval?.Lower ?? double.NaN)],
            High = [.. means.Select(point => point.Y.Interval?.Upper ?? double.NaN)],
            Color = look.Color,
            Dash = look.Dash,
        };
    }
}
