using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Reports;

/// <summary>Bars, the first at the top, each in the colour of its loss.</summary>
internal static class BarSeries
{
    /// <summary>A series for each bar.</summary>
    /// <param name="losses">The losses, for the colours.</param>
    /// <param name="values">Their values and intervals.</param>
    public static IReadOnlyList<FigureSeries> Create(IReadOnlyList<string?> losses, IReadOnlyList<SampleSummary> values)
    {
        // A row over all logits has its loss's colour, as the category says which is which.
        var distinct = losses.Distinct().ToList();
        var looks = FigureColors.Assign(distinct);
        return
        [
            .. values.Select((value, i) => new FigureSeries
            {
                Name = losses[i] ?? "",
                Kind = FigureSeriesKind.Bar,
                X = [value.Mean],
                Y = [values.Count - 1 - i],
                Low = [value.Interval?.Lower ?? double.NaN],
                High = [value.Interval?.Upper ?? double.NaN],
                Color = looks[distinct.IndexOf(losses[i])].Color,
            }),
        ];
    }
}
