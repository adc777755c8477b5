using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Reports;

/// <summary>A line through means, with intervals where a position has several values.</summary>
internal static class IntervalSeries
{
    /// <summary>Joins values at the same position.</summary>
    /// <param name="name">The series' name.</param>
    /// <param name="points">Positions and values, in any order.</param>
    /// <param name="color">The series' colour.</param>
    public static FigureSeries Create(string name, IEnumerable<(double X, double Y)> points, FigureColor color)
    {
        var means = points.GroupBy(point => point.X).OrderBy(group => group.Key)
            .Select(group => (X: group.Key, Y: SampleSummary.Of([.. group.Select(point => point.Y)]))).ToList();
        return new FigureSeries
        {
            Name = name,
            Kind = FigureSeriesKind.MarkedLine,
            X = [.. means.Select(point => point.X)],
            Y = [.. means.Select(point => point.Y.Mean)],
            Low = [.. means.Select(point => point.Y.Interval?.Lower ?? double.NaN)],
            High = [.. means.Select(point => point.Y.Interval?.Upper ?? double.NaN)],
            Color = color,
        };
    }
}
