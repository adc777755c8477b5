using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// The separation margin (smallest true logit minus largest false one; above 0 the principle holds): against steps where a loss
/// has runs of several lengths, and otherwise a bar for each run.
/// </summary>
public static class MarginFigure
{
    private const string Label = "margin: smallest true − largest false logit";

    /// <summary>Creates the figure.</summary>
    /// <param name="runs">Runs with a margin; those without are left out.</param>
    /// <exception cref="SlcException"><c>FigureInputMissing</c>.</exception>
    public static Figure Create(IReadOnlyList<RunResult> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var shown = runs.Where(run => run.Margin is { } margin && double.IsFinite(margin)).ToList();
        FigureInput.Require(shown.Count, "models, logits, or runs with a finite margin");
        var isOverTime = shown.All(run => run.Step is not null)
            && shown.GroupBy(run => (run.Name, run.Dataset, run.Split)).Any(group => group.Select(run => run.Step).Distinct().Count() > 1);
        return new Figure
        {
            Title = "Separation margin",
            Subtitle = string.Join(", ", new[] { RunNames.Common(shown), "above 0 the Principle of Logit Separation holds" }.Where(part => part.Length > 0)),
            Panel = [isOverTime ? OverSteps(shown) : OverRuns(shown)],
        };
    }

    private static FigurePanel OverSteps(IReadOnlyList<RunResult> runs)
    {
        var groups = RunSeries.Of(runs, run => run.Step!.Value, alone: false);
        var looks = FigureColors.Assign([.. groups.Select(group => group.Runs[0].Loss)]);
        return new FigurePanel
        {
            X = new FigureAxis { Label = "step", Minimum = 0 },
            Y = new FigureAxis { Label = Label },
            Series = [.. groups.Select((group, i) => IntervalSeries.Create(
                group, run => run.Step!.Value, run => run.Margin!.Value, looks[i]))],
        };
    }

    private static FigurePanel OverRuns(IReadOnlyList<RunResult> runs) => new()
    {
        X = new FigureAxis { Label = Label },
        Y = new FigureAxis { Label = "", Category = [.. RunNames.Distinguish(runs).Reverse()] },
        Series = BarSeries.Create([.. runs.Select(run => run.Loss)], [.. runs.Select(run => SampleSummary.Of([run.Margin!.Value]))]),
    };
}
