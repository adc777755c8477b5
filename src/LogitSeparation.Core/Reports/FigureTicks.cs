using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace LogitSeparation.Core.Reports;

/// <summary>Ranges and ticks of a panel's axes.</summary>
internal static class FigureTicks
{
    private const double Room = 0.04;

    /// <summary>A multiple that rounding puts outside of the range by so little of a step still counts.</summary>
    private const double Tolerance = 1e-9;
    private const double MostAtAll = 1000;
    private const float TickWidth = 80;
    private const float TickHeight = 45;
    private const int FewestTicks = 2;
    private const int MostTicks = 8;

    /// <summary>How shares are written beside bars.</summary>
    public const string Shares = "0.0000";

    /// <summary>How amounts are written that may be above 1.</summary>
    private const string Amounts = "0.000";

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
        var room = FigureRoom.Of(panel, size);
        Set(plot.Axes.Bottom, panel.X, left, right, Count(size.Width, TickWidth));
        Set(plot.Axes.Left, panel.Y, bottom, top, Count(room.Height, TickHeight));
    }

    /// <summary>How the values of a figure's bars are written, all with the same decimals.</summary>
    public static string FormatOf(Figure figure) =>
        figure.Panel.SelectMany(panel => panel.Series).Where(series => series.Kind == FigureSeriesKind.Bar).SelectMany(series => series.X).Any(value => Math.Abs(value) > 1)
            ? Amounts : Shares;

    private static int Count(float length, float each) => Math.Clamp((int)(length / each), FewestTicks, MostTicks);

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

    private static void Set(IAxis axis, FigureAxis description, double from, double to, int most)
    {
        if (description.Category.Count > 0)
        {
            axis.TickGenerator = new NumericManual(
                [.. description.Category.Select((_, i) => (double)i)], [.. description.Category]);
            axis.MajorTickStyle.Length = 0;
            return;
        }

        var ticks = description.Tick.Where(value => Place(description, value) >= from && Place(description, value) <= to).ToList();
        if (ticks.Count == 0 || ticks.Count > most)
            ticks = description.IsLogarithmic ? Decades(from, to, most) : Multiples(from, to, most);
        axis.TickGenerator = new NumericManual(
            [.. ticks.Select(value => Place(description, value))], [.. ticks.Select(Format)]);
    }

    // The multiples of the finest round number of which no more than that many lie in the range, and of which two do.
    private static List<double> Multiples(double from, double to, int most)
    {
        var best = new List<double>();
        for (var power = (int)Math.Ceiling(Math.Log10(Math.Max(to - from, double.Epsilon))) + 1; power > -320; power--)
        {
            foreach (var digit in new[] { 5.0, 2, 1 })
            {
                var step = digit * Math.Pow(10, power);
                var (first, last) = (Math.Ceiling(from / step - Tolerance), Math.Floor(to / step + Tolerance));
                if (best.Count >= FewestTicks && last - first + 1 > most)
                    return best;
                if (last - first > MostAtAll)
                    return best;
                best = [.. Enumerable.Range(0, Math.Max(0, (int)(last - first) + 1)).Select(i => (first + i) * step)];
            }
        }

        return best;
    }

    // 1, 2 and 5 of each decade where there are few decades, else the powers of ten.
    private static List<double> Decades(double from, double to, int most)
    {
        double[] steps = to - from < 2.2 ? [1, 2, 5] : [1];
        var ticks = new List<double>();
        for (var power = (int)Math.Floor(from); power <= to; power++)
            ticks.AddRange(steps.Select(step => step * Math.Pow(10, power)).Where(value => Math.Log10(value) >= from && Math.Log10(value) <= to));
        if (ticks.Count < FewestTicks)
            return Multiples(Math.Pow(10, from), Math.Pow(10, to), most);
        var every = (ticks.Count + most - 1) / most;
        return steps.Length > 1 || every == 1 ? ticks : [.. ticks.Where((_, i) => i % every == 0)];
    }

    /// <summary>A measured value, short enough to stand beside its bar.</summary>
    public static string Round(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');

    // The minus sign is a character of its own; the letters of a number are always English.
    private static string Format(double value)
    {
        var rounded = Math.Abs(value) < 1e-12 ? 0 : value;
        return rounded.ToString(Math.Abs(rounded) is >= 1e6 or < 1e-4 and > 0 ? "0.##e0" : "#,0.######", CultureInfo.InvariantCulture)
            .Replace('-', '−').Replace(',', ' ');
    }
}
