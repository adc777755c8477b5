namespace LogitSeparation.Core.Reports;

/// <summary>Loss and validation accuracy of several runs against steps.</summary>
public static class TrainingFigure
{
    private const double WideRange = 20;

    /// <summary>Creates the figure; the second panel is left out where no run has validation examples.</summary>
    /// <param name="runs">Runs with a history; those without are left out.</param>
    /// <exception cref="SlcException"><c>FigureInputMissing</c>.</exception>
    public static Figure Create(IReadOnlyList<RunResult> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        // A history is of the training and validation splits, whatever split was measured afterwards.
        var shown = runs.Where(run => run.History.Count > 0).Select(run => run with { Split = null }).ToList();
        FigureInput.Require(shown.Count, "models, or runs with a history");
        var panels = new List<FigurePanel> { LossPanel(shown) };
        if (shown.Any(run => run.History.Any(point => point.ValidationAccuracy is not null)))
            panels.Add(AccuracyPanel(shown));
        return new Figure { Title = "Training", Subtitle = string.Join(", ", new[] { RunNames.Common(shown), HistorySeries.HasSeeds(shown) ? "mean and range over seeds" : "" }.Where(part => part.Length > 0)), Panel = panels };
    }

    // Losses of different kinds lie decades apart; then equal distances are equal ratios.
    private static FigurePanel LossPanel(IReadOnlyList<RunResult> runs)
    {
        var values = runs.SelectMany(run => run.History).Select(point => point.Loss).Where(double.IsFinite).ToList();
        var isWide = values.Count > 0 && values.Min() > 0 && values.Max() / values.Min() > WideRange;
        return new FigurePanel
        {
            Title = "Training loss",
            X = HistorySeries.Steps(),
            Y = new FigureAxis { Label = "loss", IsLogarithmic = isWide, Minimum = isWide ? null : Math.Min(0, values.DefaultIfEmpty().Min()) },
            Series = HistorySeries.Create(runs, point => point.Loss),
        };
    }

    private static FigurePanel AccuracyPanel(IReadOnlyList<RunResult> runs) => new()
    {
        Title = "Validation accuracy",
        X = HistorySeries.Steps(),
        Y = new FigureAxis { Label = "accuracy" },
        Series = HistorySeries.Create(runs, point => point.ValidationAccuracy),
    };
}
