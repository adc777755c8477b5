using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Reports;

/// <summary>Lines through the points of histories, one for each run.</summary>
internal static class HistorySeries
{
    /// <summary>The axis that histories lie along.</summary>
    public static FigureAxis Steps() => new() { Label = "step", Minimum = 0 };

    /// <summary>A line for each run that has values.</summary>
    /// <param name="runs">The runs; all of them, so that a run looks the same in every panel.</param>
    /// <param name="value">What is shown of a point; null, or not finite, where it is left out.</param>
    public static IReadOnlyList<FigureSeries> Create(IReadOnlyList<RunResult> runs, Func<HistoryPoint, double?> value)
    {
        var names = RunNames.Distinguish(runs);
        var looks = FigureColors.Assign([.. runs.Select(run => run.Loss)]);
        var series = new List<FigureSeries>();
        for (var i = 0; i < runs.Count; i++)
        {
            var curve = runs[i].History.Where(point => value(point) is { } y && double.IsFinite(y)).ToList();
            if (curve.Count == 0)
                continue;
            series.Add(new FigureSeries
            {
                Name = names[i],
                Kind = FigureSeriesKind.MarkedLine,
                X = [.. curve.Select(point => (double)point.Step)],
                Y = [.. curve.Select(point => value(point)!.Value)],
                Color = looks[i].Color,
                Dash = looks[i].Dash,
            });
        }

        return [.. series];
    }
}
