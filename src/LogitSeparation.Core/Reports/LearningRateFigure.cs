namespace LogitSeparation.Core.Reports;

/// <summary>A measure of several runs against their learning rate; the mean and its 95% interval where a rate has several seeds.</summary>
public static class LearningRateFigure
{
    /// <summary>Creates the figure.</summary>
    /// <param name="runs">Runs with a learning rate and the measure; others are left out.</param>
    /// <param name="measure">The measure.</param>
    /// <exception cref="SlcException"><c>FigureInputMissing</c>.</exception>
    public static Figure Create(IReadOnlyList<RunResult> runs, ReportMeasure measure = ReportMeasure.Auprc)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var shown = runs.Where(run => run.LearningRate > 0 && ReportMeasures.Shown(run, measure) is { } value && double.IsFinite(value)).ToList();
        FigureInput.Require(shown.Count, $"models, or runs with LearningRate and {measure}");
        var groups = RunSeries.Of(shown, run => run.LearningRate!.Value, alone: false);
        var rates = new FigureAxis
        {
            Label = "learning rate",
            IsLogarithmic = true,
            Tick = [.. shown.Select(run => run.LearningRate!.Value).Distinct().Order()],
        };
        var label = ReportMeasures.Label(measure);
        return new Figure
        {
            Title = $"{label} against learning rate",
            Subtitle = RunNames.Common(shown),
            Panel =
            [
                new FigurePanel
                {
                    X = rates,
                    Y = new FigureAxis { Label = measure == ReportMeasure.Margin ? label : $"{label} (0 is perfect)", ShortLabel = label, Minimum = measure == ReportMeasure.Margin ? null : 0 },
                    Series = IntervalSeries.Create(groups, rates, run => run.LearningRate!.Value, run => ReportMeasures.Shown(run, measure)!.Value),
                },
            ],
        };
    }
}
