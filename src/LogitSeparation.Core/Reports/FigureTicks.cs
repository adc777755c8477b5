using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace LogitSeparation.Core.Reports;

/// <summary>Ranges and ticks of a panel's axes.</summary>
internal static class FigureTicks
{
    private const double Room = 0.04;
    private const float TickWidth = 80;
    private const double TickDensity = 0.5;

    /// <summary>In panels lower than this there would be one tick or none at the usual density.</summary>
    private const float LowPanel = 240;
    private const double LowPanelDensity = 1.5;

    /// <summary>Where a value stands on an axis.</summary>
    public static double Place(FigureAxis axis, double value) => axis.IsLogarithmic ? Math.Log10(value) : value;

    /// <summary>Sets both axes.</summary>
    /// <param name="plot">The plot, with all that it shows.</param>
    /// <param name="panel">What it shows.</param>
    /// <param name="size">The size of the panel.</param>
    public static void Apply(Plot plot, FigurePanel panel, PixelSize size)
    {
        plot.Axes.AutoScale();
        var found = plot.Axes.GetLimits();
        var (left, right) = panel.Series.Any(series => series.Kind == FigureSeriesKind.Bar)
            ? BarRange(panel, FigureRoom.Of(panel, size).Width)
            : Range(panel.X, found.Left, found.Right);
        var (bottom, top) = Range(panel.Y, found.Bottom, found.Top);
        plot.Axes.SetLimits(left, right, bottom, top);
        Set(plot.Axes.Bottom, panel.X, left, right, Math.Max(2, (int)(size.Width / TickWidth)), TickDensity);
        Set(plot.Axes.Left, panel.Y, bottom, top, int.MaxValue, size.Height < LowPanel ? LowPanelDensity : TickDensity);
    }

    private static (double From, double To) Range(FigureAxis axis, double from, double to)
    {
        if (axis.Category.Count > 0)
            return (-0.6, axis.Category.Count - 0.4);
        var (low, high) = (axis.Minimum is { } minimum ? Place(axis, minimum) : from, axis.Maximum is { } maximum ? Place(axis, maximum) : to);
        if (!(double.IsFinite(low) && double.IsFinite(high)))
            return (0, 1);
        if (low < high)
            return (low, high);
        var room = Math.Max(Math.Abs(low) * Room, Room);
        return (low - room, high + room);
    }

    // From 0, where bars start, with room beyond their ends for the values.
    private static (double From, double To) BarRange(FigurePanel panel, double width)
    {
        const double LabelRoom = 0.22;
        const double LabelWidth = 48;
        var ends = panel.Series.SelectMany(series => series.X.Concat(series.Low).Concat(series.High)).Where(double.IsFinite).Append(0).ToList();
        var (low, high) = (ends.Min(), ends.Max());
        var room = low < high ? (high - low) * Math.Max(LabelRoom, LabelWidth / Math.Max(LabelWidth, width - LabelWidth)) : 1;
        return (low < 0 ? low - room : 0, high > 0 || low == high ? high + room : 0);
    }

    private static void Set(IAxis axis, FigureAxis description, double from, double to, int most, double density)
    {
        if (description.Category.Count > 0)
        {
            axis.TickGenerator = new NumericManual(
                [.. description.Category.Select((_, i) => (double)i)], [.. description.Category]);
            axis.MajorTickStyle.Length = 0;
            return;
        }

        var ticks = description.Tick.Where(value => Place(description, value) >= from && Place(description, value) <= to).ToList();
        if (description.IsLogarithmic && (ticks.Count == 0 || ticks.Count > most))
            ticks = Decades(from, to);
        if (ticks.Count > 0 && ticks.Count <= most)
        {
            axis.TickGenerator = new NumericManual(
                [.. ticks.Select(value => Place(description, value))], [.. ticks.Select(Format)]);
        }
        else
        {
            axis.TickGenerator = new NumericAutomatic { LabelFormatter = Format, TickDensity = density };
        }
    }

    // 1, 2 and 5 of each decade where there are few decades, else the powers of ten.
    private static List<double> Decades(double from, double to)
    {
        double[] steps = to - from < 2.2 ? [1, 2, 5] : [1];
        var ticks = new List<double>();
        for (var power = (int)Math.Floor(from); power <= to; power++)
            ticks.AddRange(steps.Select(step => step * Math.Pow(10, power)).Where(value => Math.Log10(value) >= from && Math.Log10(value) <= to));
        return ticks;
    }

    /// <summary>A measured value, short enough to stand beside its bar.</summary>
    public static string Round(double value) =>
        value.ToString(Math.Abs(value) < 1 ? "0.0000" : "0.000", CultureInfo.InvariantCulture).Replace('-', '−');

    // The minus sign is a character of its own; the letters of a number are always English.
    private static string Format(double value)
    {
        var rounded = Math.Abs(value) < 1e-12 ? 0 : value;
        return rounded.ToString(Math.Abs(rounded) is >= 1e6 or < 1e-4 and > 0 ? "0.##e0" : "#,0.######", CultureInfo.InvariantCulture)
            .Replace('-', '−').Replace(',', ' ');
    }
}
