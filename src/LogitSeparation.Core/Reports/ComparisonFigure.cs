using System.Globalization;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// The paper's Table 1 as bars: a panel for each measure, a bar for each loss, with a 95% t-interval over seeds, and for a single run
/// the bootstrap interval over examples, where it has one.
/// </summary>
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
        var groups = RunSeries.InPaperOrder(runs);
        return new Figure
        {
            Title = "Single logit classification (0 is perfect)",
            Subtitle = string.Join(", ", Intervals(groups).Prepend(RunNames.Common(runs)).Where(part => part.Length > 0)),
            Panel = [.. measures.Select(measure => CreatePanel(groups, measure))],
        };
    }

    // What the whiskers are: of a mean over seeds, of one run over its examples, or both kinds in one picture.
    private static IEnumerable<string> Intervals(IReadOnlyList<RunSeries> groups)
    {
        var most = groups.Max(group => group.Runs.Count);
        if (most > 1)
            yield return $"mean and 95% interval over up to {most} seeds";
        var single = groups.Where(group => group.Runs.Count == 1).SelectMany(group => group.Runs[0].Interval?.Values ?? []).FirstOrDefault();
        if (single is not null)
            yield return string.Create(CultureInfo.InvariantCulture, $"{(most > 1 ? "of single runs " : "")}{100 * single.Level:0.##}% bootstrap interval over examples");
    }

    private static FigurePanel CreatePanel(IReadOnlyList<RunSeries> groups, ReportMeasure measure)
    {
        var shown = groups.Select(group => (Group: group, Value: ReportMeasures.Summarize(group.Runs, measure))).Where(item => item.Value is not null).ToList();
        return new FigurePanel
        {
            Title = ReportMeasures.Label(measure),
            X = new FigureAxis { Label = "", Minimum = 0 },
            Y = new FigureAxis { Label = "", Category = [.. shown.Select(item => item.Group.Name).Reverse()] },
            Series = BarSeries.Create([.. shown.Select(item => item.Group.Runs[0].Family)], [.. shown.Select(item => WithinBounds(item.Value!))]),
        };
    }

    // Few seeds have wide intervals, and what no share can be would press the bars together.
    private static SampleSummary WithinBounds(SampleSummary summary) => summary.Interval is { } interval
        ? summary with { Interval = interval with { Lower = Math.Max(0, interval.Lower), Upper = Math.Min(1, interval.Upper) } }
        : summary;
}
