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

    /// <summary>Where the axis of recall may begin, the rightmost first; at 0 no curve is asked.</summary>
    private static readonly double[] Beginnings = [0.9, 0.8, 0.5, 0];
    private const double HighestRecall = 0.99;
    private const double Flat = 0.1;
    private const double Above = 0.02;

    /// <summary>What has to be measured of a table for the figure.</summary>
    public static MetricsOptions Measured { get; } = new() { Recall = Recalls };

    /// <summary>Creates the figure.</summary>
    /// <param name="tables">The tables of logits, at least one; each is measured before the next is asked for.</param>
    /// <param name="className">A class that all tables have; null for the mean over classes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException"><c>UnknownClass</c>, <c>ClassAbsent</c>, and those of <see cref="SlcMetrics"/>.</exception>
    public static Figure Create(IEnumerable<Logits> tables, string? className = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return Create([.. tables.Select(Measure)], className);

        SlcMetrics Measure(Logits table)
        {
            if (className is not null)
                _ = FigureInput.FindClass(table.ClassNames, className);
            return SlcMetrics.Measure(table, Measured, cancellationToken);
        }
    }

    /// <summary>Creates the figure.</summary>
    /// <param name="metrics">What was measured, as <see cref="Measured"/> says; at least one.</param>
    /// <param name="className">A class that all have; null for the mean over classes.</param>
    /// <exception cref="SlcException"><c>FigureInputMissing</c>, <c>UnknownClass</c>, <c>ClassAbsent</c>.</exception>
    public static Figure Create(IReadOnlyList<SlcMetrics> metrics, string? className = null)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        FigureInput.Require(metrics.Count, "a model or logits");
        var runs = metrics.Select(item => RunResults.Add(new RunResult(), item)).ToList();
        var names = RunNames.Distinguish(runs);
        var looks = FigureColors.Assign([.. runs.Select(run => run.Family)]);
        var curves = metrics.Select((item, i) => Curve(item, className, names[i], looks[i])).ToList();
        var lowest = Lowest(curves);
        return new Figure
        {
            Title = className is null ? "Precision and recall by single logits, mean over classes" : $"Precision and recall by the logit of '{className}'",
            Subtitle = RunNames.Common(runs),
            Panel =
            [
                new FigurePanel
                {
                    X = new FigureAxis { Label = "recall", Minimum = Leftmost(curves, lowest), Maximum = 1 },
                    Y = new FigureAxis { Label = "precision", Maximum = 1 + Above * (1 - lowest), Minimum = lowest },
                    Series = curves,
                },
            ],
        };
    }

    private static FigureSeries Curve(SlcMetrics metrics, string? className, string name, FigureLook look)
    {
        var one = className is null ? null : metrics.Class[FigureInput.FindClass([.. metrics.Class.Select(item => item.Name)], className)];
        var area = one is null ? metrics.Auprc : one.Auprc;
        if (area is null)
        {
            throw new SlcException("ClassAbsent", SlcErrorKind.InvalidData,
                $"No example is of class '{className}': it has neither precision nor recall. Choose another class.", className);
        }

        return new FigureSeries
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{name} (AUPRC {area:0.000})"),
            Kind = FigureSeriesKind.Line,
            X = Recalls,
            Y = [.. Recalls.Select(recall => one is null ? metrics.PrecisionAtRecall[recall] : one.PrecisionAtRecall[recall] ?? double.NaN)],
            Color = look.Color,
            Dash = look.Dash,
        };
    }

    // Just below the lowest curve at the highest recall that the paper asks for: what lies beyond falls to chance for nearly every model,
    // and would press good curves into the top edge.
    private static double Lowest(IReadOnlyList<FigureSeries> curves)
    {
        var lowest = curves.Min(curve => curve.Y.Where((_, i) => Recalls[i] <= HighestRecall).Min());
        return lowest > 0.9 ? Math.Floor(100 * (lowest - 0.002)) / 100 : Math.Max(0, Math.Floor(10 * (lowest - 0.02)) / 10);
    }

    // Where all curves are flat up to a recall, the picture begins there.
    private static double Leftmost(IReadOnlyList<FigureSeries> curves, double lowest)
    {
        var flat = 1 - Flat * (1 - lowest);
        return Beginnings.First(recall => curves.All(curve => curve.Y.Where((_, i) => Recalls[i] <= recall).All(precision => precision >= flat)));
    }
}
