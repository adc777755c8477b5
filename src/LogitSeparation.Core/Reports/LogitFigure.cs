using System.Globalization;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// True against false logits of one or several tables: the paper's Figure 1 from real data. Each side is drawn as shares of its
/// own number, as there are k - 1 times as many false logits.
/// </summary>
public static class LogitFigure
{
    private const string TrueName = "true logits";
    private const string FalseName = "false logits";

    /// <summary>Creates the figure: a panel for each table.</summary>
    /// <param name="tables">The tables of logits, at least one; each is looked at before the next is asked for.</param>
    /// <param name="className">A class that all tables have; null for all classes together.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException"><c>FigureInputMissing</c>, <c>UnknownClass</c>, <c>LogitsEmpty</c>, <c>NaNLogit</c>.</exception>
    public static Figure Create(IEnumerable<Logits> tables, string? className = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return Create([.. tables.Select(table => LogitSpread.Measure(table, className, cancellationToken))]);
    }

    /// <summary>Creates the figure: a panel for each table.</summary>
    /// <param name="spreads">How the logits of the tables are spread, all of the same class; at least one.</param>
    /// <exception cref="SlcException"><c>FigureInputMissing</c>.</exception>
    public static Figure Create(IReadOnlyList<LogitSpread> spreads)
    {
        ArgumentNullException.ThrowIfNull(spreads);
        FigureInput.Require(spreads.Count, "a model or logits");
        var runs = spreads.Select(spread => spread.Run).ToList();
        var names = RunNames.Distinguish(runs);
        var subject = spreads.Count == 1 ? $"{names[0]}: logits" : "Logits";
        return new Figure
        {
            Title = spreads[0].ClassName is { } name ? $"{subject} of class '{name}'" : $"{subject} of all classes",
            Subtitle = string.Join(", ", new[] { RunNames.Common(runs), "share of the true and of the false logits in each bin" }.Where(part => part.Length > 0)),
            Panel = [.. spreads.Select((spread, i) => CreatePanel(spread, spreads.Count > 1 ? names[i] : ""))],
        };
    }

    private static FigurePanel CreatePanel(LogitSpread spread, string title)
    {
        var histogram = spread.Histogram;
        var marks = new List<FigureMark>();
        var note = string.Join(", ", new[] { Describe(spread, marks), Infinite(histogram) }.Where(part => part.Length > 0));
        return new FigurePanel
        {
            Title = title,
            Note = note,
            X = new FigureAxis { Label = spread.ClassName is { } name ? $"logit z of '{name}'" : "logit z" },
            Y = new FigureAxis { Label = "share (%)", Minimum = 0 },
            Series =
            [
                Outline(FalseName, histogram, histogram.FalseCounts, histogram.InfiniteFalse, FigureColor.Vermillion),
                Outline(TrueName, histogram, histogram.TrueCounts, histogram.InfiniteTrue, FigureColor.Blue),
            ],
            Mark = marks,
        };
    }

    private static string Describe(LogitSpread spread, List<FigureMark> marks)
    {
        var histogram = spread.Histogram;
        if (!double.IsFinite(histogram.MinTrue) || !double.IsFinite(histogram.MaxFalse))
            return "";
        if (histogram.MinTrue > histogram.MaxFalse)
        {
            marks.Add(new("separating thresholds", histogram.MaxFalse, histogram.MinTrue, FigureColor.Green));
            return string.Create(CultureInfo.InvariantCulture, $"separated, margin {histogram.MinTrue - histogram.MaxFalse:0.000}").Replace('-', '−');
        }

        if (spread.Best is { } best)
        {
            if (double.IsFinite(best.Threshold))
                marks.Add(new("threshold of best F1", best.Threshold, best.Threshold, FigureColor.Ink));
            return string.Create(CultureInfo.InvariantCulture, $"not separated, best F1 {best.F1:0.000} at {best.Threshold:0.00}").Replace('-', '−');
        }

        marks.Add(new("overlap", histogram.MinTrue, histogram.MaxFalse, FigureColor.Grey));
        return string.Create(CultureInfo.InvariantCulture, $"not separated, margin {histogram.MinTrue - histogram.MaxFalse:0.000}").Replace('-', '−');
    }

    // No comma: where a note has no room, what stands after its last one is left.
    private static string Infinite(LogitHistogram histogram)
    {
        if (histogram.InfiniteTrue + histogram.InfiniteFalse == 0)
            return "";
        return string.Create(CultureInfo.InvariantCulture,
            $"infinite and not drawn: {Share(histogram.InfiniteTrue, histogram.TrueCounts)} of true and {Share(histogram.InfiniteFalse, histogram.FalseCounts)} of false logits");

        static string Share(long infinite, IReadOnlyList<long> finite) =>
            string.Create(CultureInfo.InvariantCulture, $"{100.0 * infinite / Math.Max(1, infinite + finite.Sum()):0.0}%");
    }

    // The outline goes up and down at the edges of the bins.
    private static FigureSeries Outline(string name, LogitHistogram histogram, IReadOnlyList<long> counts, long infinite, FigureColor color)
    {
        var total = Math.Max(1, counts.Sum() + infinite);
        var x = new List<double>(2 * counts.Count + 2) { histogram.From };
        var y = new List<double>(2 * counts.Count + 2) { 0 };
        for (var bin = 0; bin < counts.Count; bin++)
        {
            var share = 100.0 * counts[bin] / total;
            x.AddRange([histogram.Edge(bin), histogram.Edge(bin + 1)]);
            y.AddRange([share, share]);
        }

        x.Add(histogram.Edge(counts.Count));
        y.Add(0);
        return new FigureSeries { Name = name, Kind = FigureSeriesKind.Area, X = x, Y = y, Color = color };
    }
}
