using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Reports;

/// <summary>The paper's Table 1 as bars: a panel for each measure, a bar for each loss, and 95% t-intervals over seeds.</summary>
public static class ComparisonFigure
{
    /// <summary>Creates the figure.</summary>
    /// <param name="runs">Runs with at least one of the table's measures.</param>
    /// <exception cref="SlcException"><c>FigureInputMissing</c>.</exception>
    public static Figure Create(IReadOnlyList<RunResult> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var measures = ReportMeasures.Table.Where(measure => runs.Any(run => run[measure] is not null)).ToList();
        FigureInput.Require(measures.Count, "models, logits, or runs with measures");
        var groups = RunSeries.Of(runs, _ => 0, alone: true).OrderBy(group => Rank(group.Runs[0])).ToList();
        var most = groups.Max(group => group.Runs.Count);
        var interval = most > 1 ? $"mean and 95% interval over up to {most} seeds" : "";
        return new Figure
        {
            Title = "Single logit classification (0 is perfect)",
            Subtitle = string.Join(", ", new[] { RunNames.Common(runs), interval }.Where(part => part.Length > 0)),
            Panel = [.. measures.Select(measure => CreatePanel(groups, measure))],
        };
    }

    private static FigurePanel CreatePanel(IReadOnlyList<RunSeries> groups, ReportMeasure measure)
    {
        var shown = groups.Where(group => group.Runs.Any(run => run[measure] is not null)).ToList();
        var values = shown.Select(group => SampleSummary.Of(
            [.. group.Runs.Select(run => ReportMeasures.Shown(run, measure)).OfType<double>()])).Select(WithinBounds).ToList();
        return new FigurePanel
        {
            Title = ReportMeasures.Label(measure),
            X = new FigureAxis { Label = "", Minimum = 0 },
            Y = new FigureAxis { Label = "", Category = [.. shown.Select(group => group.Name).Reverse()] },
            Series = BarSeries.Create([.. shown.Select(group => group.Runs[0].Loss)], values),
        };
    }

    // Few seeds have wide intervals, and what no share can be would press the bars together.
    private static SampleSummary WithinBounds(SampleSummary summary) => summary.Interval is { } interval
        ? summary with { Interval = interval with { Lower = Math.Max(0, interval.Lower), Upper = Math.Min(1, interval.Upper) } }
        : summary;

    // The order of the paper's table; the row over all logits follows its loss.
    private static int Rank(RunResult run)
    {
        var index = LossCatalog.All.Select(info => info.Name).ToList().IndexOf(run.Loss ?? "");
        return 2 * (index < 0 ? LossCatalog.All.Count : index) + (run.Score == MetricsScore.AllLogits ? 1 : 0);
    }
}
