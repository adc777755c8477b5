using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Reports;

/// <summary>A line through means, with intervals where a position has several seeds.</summary>
internal static class IntervalSeries
{
    /// <summary>Joins values at the same position.</summary>
    /// <param name="group">The runs, in any order.</param>
    /// <param name="x">The position of a run.</param>
    /// <param name="y">Its value.</param>
    /// <param name="look">The series' colour and dash.</param>
    public static FigureSeries Create(RunSeries group, Func<RunResult, double> x, Func<RunResult, double> y, FigureLook look)
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
