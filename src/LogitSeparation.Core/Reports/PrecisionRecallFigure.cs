using System.Globalization;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// Precision against recall of several tables together. The curve at recall r is the paper's Precision@r, the highest precision
/// among thresholds whose recall is at least r; for all classes it is the mean over those that have examples.
/// </summary>
public static class PrecisionRecallFigure
{
    /// <summary>Steps of a hundredth, and finer near 1, where the paper looks.</summary>
    private static readonly double[] Recalls =
        [.. Enumerable.Range(1, 89).Select(i => i / 100.0), .. Enumerable.Range(0, 101).Select(i => (900 + i) / 1000.0)];

    /// <summary>Creates the figure.</summary>
    /// <param name="tables">The tables of logits; at least one.</param>
    /// <param name="className">A class that all tables have; null for the mean over classes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException"><c>UnknownClass</c>, and those of <see cref="SlcMetrics.Measure"/>.</exception>
    public static Figure Create(IReadOnlyList<Logits> tables, string? className = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        FigureInput.Require(tables.Count, "a model or logits");
        var runs = tables.Select(RunResults.Describe).ToList();
        var names = RunNames.Distinguish(runs);
        var colors = FigureColors.Assign([.. runs.Select(run => run.Loss)]);
        var curves = tables.Select((table, i) => Measure(table, className, names[i], colors[i], cancellationToken)).ToList();
        return new Figure
        {
            Title = className is null ? "Precision and recall by single logits, mean over classes" : $"Precision and recall by the logit of '{className}'",
            Subtitle = RunNames.Common(runs),
            Panel =
            [
                new FigurePanel
                {
                    X = new FigureAxis { Label = "recall", Minimum = 0, Maximum = 1 },
                    Y = new FigureAxis { Label = "precision", Maximum = 1.005, Minimum = Lowest(curves) },
                    Series = curves,
                },
            ],
        };
    }

    private static FigureSeries Measure(Logits table, string? className, string name, FigureColor color, CancellationToken cancellationToken)
    {
        int? index = className is null ? null : FigureInput.FindClass(table, className);
        var metrics = SlcMetrics.Measure(table, new MetricsOptions { Recall = Recalls }, cancellationToken);
        IReadOnlyList<double?> precision = index is { } j
            ? [.. Recalls.Select(recall => metrics.Class[j].PrecisionAtRecall[recall])]
            : [.. Recalls.Select(recall => (double?)metrics.PrecisionAtRecall[recall])];
        var area = index is { } column ? metrics.Class[column].Auprc : metrics.Auprc;
        if (area is null)
        {
            throw new SlcException("ClassAbsent", SlcErrorKind.InvalidData,
                $"No example of {table} is of class '{className}': it has neither precision nor recall. Choose another class.", className);
        }

        return new FigureSeries
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{name} (AUPRC {area:0.000})"),
            Kind = FigureSeriesKind.Line,
            X = Recalls,
            Y = [.. precision.Select(value => value ?? double.NaN)],
            Color = color,
        };
    }

    // From a tenth below the lowest curve, so that good curves are not pressed into the top edge.
    private static double Lowest(IReadOnlyList<FigureSeries> curves)
    {
        var lowest = curves.Min(curve => curve.Y.Min());
        return Math.Max(0, Math.Floor(10 * (lowest - 0.02)) / 10);
    }
}
