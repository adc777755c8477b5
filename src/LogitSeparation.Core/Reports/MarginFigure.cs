using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// The separation margin (smallest true logit minus largest false one; above 0 the principle holds): during training, on the
/// validation split, where histories have it; and of what was measured, against steps where a loss has runs of several lengths, and
/// otherwise a bar for each run.
/// </summary>
public static class MarginFigure
{
    private const string Label = "margin: smallest true − largest false logit";

    /// <summary>Creates the figure.</summary>
    /// <param name="runs">Runs with a margin, or a history of margins; those without are left out.</param>
    /// <exception cref="SlcException"><c>FigureInputMissing</c>.</exception>
    public static Figure Create(IReadOnlyList<RunResult> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var trained = runs.Where(run => run.History.Count(point => point.ValidationMargin is not null) > 1).ToList();
        var measured = runs.Where(run => run.Margin is { } margin && double.IsFinite(margin)).ToList();
        FigureInput.Require(trained.Count + measured.Count, "models, logits, or runs with a finite margin or a history of them");
        List<FigurePanel> panels = [];
        if (trained.Count > 0)
            panels.Add(DuringTraining(trained));
        if (measured.Count > 0)
            panels.Add(Measured(measured) with { Title = trained.Count > 0 ? Heading(measured) : "" });
        return new Figure
        {
            Title = "Separation margin",
            Subtitle = string.Join(", ", new[] { Origin(runs, trained.Count > 0), HistorySeries.HasSeeds(trained) ? "mean and range over seeds" : "", "above 0 the Principle of Logit Separation holds" }.Where(part => part.Length > 0)),
            Panel = panels,
        };
    }

    // Where the panels are of several splits, their headings say which.
    private static string Origin(IReadOnlyList<RunResult> runs, bool hasSplits) =>
        RunNames.Common(hasSplits ? [.. runs.Select(run => run with { Split = null })] : runs);

    private static string Heading(IReadOnlyList<RunResult> runs) =>
        runs.Select(run => run.Split).Distinct().ToList() is [{ } split] ? $"Afterwards, {split.ToString().ToLowerInvariant()} split" : "Afterwards";

    private static FigurePanel DuringTraining(IReadOnlyList<RunResult> runs) => new()
    {
        Title = "In training, validation split",
        X = HistorySeries.Steps(),
        Y = Margin(),
        Series = HistorySeries.Create(runs, point => point.ValidationMargin),
    };

    private static FigurePanel Measured(IReadOnlyList<RunResult> runs)
    {
        var isOverTime = runs.All(run => run.Step is not null)
            && runs.GroupBy(run => (run.Name, run.Dataset, run.Split)).Any(group => group.Select(run => run.Step).Distinct().Count() > 1);
        return isOverTime ? OverSteps(runs) : OverRuns(runs);
    }

    private static FigurePanel OverSteps(IReadOnlyList<RunResult> runs)
    {
        var steps = HistorySeries.Steps();
        return new FigurePanel
        {
            X = steps,
            Y = Margin(),
            Series = IntervalSeries.Create(
                RunSeries.Of(runs, run => run.Step!.Value, alone: false), run => run.Step!.Value, run => run.Margin!.Value),
        };
    }

    private static FigureAxis Margin() => new() { Label = Label, ShortLabel = "margin" };

    private static FigurePanel OverRuns(IReadOnlyList<RunResult> runs) => new()
    {
        X = Margin(),
        Y = new FigureAxis { Label = "", Category = [.. RunNames.Distinguish(runs).Reverse()] },
        Series = BarSeries.Create([.. runs.Select(run => run.Family)], [.. runs.Select(run => SampleSummary.Of([run.Margin!.Value]))]),
    };
}
