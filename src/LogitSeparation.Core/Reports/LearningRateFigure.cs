namespace LogitSeparation.Core.Reports;

/// <summary>A measure of several runs against their learning rate; the mean and its 95% interval where a rate has several seeds.</summary>
public static class LearningRateFigure
{
    /// <summary>From this ratio of the largest value to the least on, equal distances are equal ratios: one run that diverged would press the others into a line.</summary>
    private const double WideRange = 10;

    /// <summary>The room beside the outermost rates, as a share of their range.</summary>
    private const double Beside = 0.05;

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
        double[] rates = [.. shown.Select(run => run.LearningRate!.Value).Distinct().Order()];
        // Room beside the outermost; one rate alone has no range of its own.
        var beside = Math.Max(Math.Pow(rates[^1] / rates[0], Beside), rates.Length > 1 ? 1 : 2);
        var axis = new FigureAxis { Label = "learning rate", IsLogarithmic = true, Tick = rates, Minimum = rates[0] / beside, Maximum = rates[^1] * beside };
        var label = ReportMeasures.Label(measure);
        var values = Values(measure, label, [.. shown.Select(run => ReportMeasures.Shown(run, measure)!.Value)]);
        var lines = IntervalSeries.Create(groups, run => run.LearningRate!.Value, run => ReportMeasures.Shown(run, measure)!.Value);
        return new Figure
        {
            Title = $"{label} against learning rate",
            Subtitle = RunNames.Common(shown),
            Panel =
            [
                new FigurePanel
                {
                    X = axis,
                    Y = values,
                    Series = values.IsLogarithmic ? [.. lines.Select(line => CutAt(line, values.Minimum!.Value))] : lines,
                },
            ],
        };
    }

    private static FigureAxis Values(ReportMeasure measure, string label, double[] values)
    {
        var axis = new FigureAxis { Label = label, ShortLabel = label };
        if (measure == ReportMeasure.Margin)
            return axis;
        axis = axis with { Label = $"{label} (0 is perfect)", Minimum = 0 };
        return values.Min() > 0 && values.Max() / values.Min() > WideRange
            ? axis with { Label = $"{label} (less is better)", IsLogarithmic = true, Minimum = values.Min() / 2 }
            : axis;
    }

    // An interval may reach below 0, which has no logarithm: it ends at the picture's edge.
    private static FigureSeries CutAt(FigureSeries line, double least) =>
        line with { Low = [.. line.Low.Select(low => double.IsNaN(low) ? low : Math.Max(low, least))] };
}
