using ScottPlot;

namespace LogitSeparation.Core.Reports;

/// <summary>Turns a panel into a plot of the plotting library. On logarithmic axes it plots logarithms.</summary>
internal static class FigurePlot
{
    /// <summary>How opaque areas are, so that one shows through another; of 255.</summary>
    public const byte AreaOpacity = 90;

    private const byte RangeOpacity = 50;

    /// <summary>Rows of bars lower than this have no room for values that can be told apart.</summary>
    private const float LowestRow = 11;

    private const float LabelSize = 13;
    private const float TickSize = 12;
    private const float PanelTitleSize = 14;
    private const float LineWidth = 2.4f;
    private const float RightMargin = 14;
    private const double BarThickness = 0.72;

    /// <summary>Creates the plot; the caller disposes it.</summary>
    /// <param name="panel">What it shows.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="size">The size of the panel.</param>
    /// <param name="format">How the values of bars are written: alike in all panels.</param>
    public static Plot Create(FigurePanel panel, FigurePalette palette, PixelSize size, string format = FigureTicks.Shares)
    {
        var plot = new Plot();
        var pixel = PixelWidth(panel, FigureRoom.Of(panel, size).Width);
        var rowHeight = FigureRoom.RowHeight(panel, size);
        foreach (var mark in panel.Mark.Where(mark => mark.From < mark.To))
            AddBand(plot, mark, palette);
        foreach (var series in panel.Series)
            Add(plot, panel, series, palette, pixel, rowHeight < LowestRow ? null : format);
        foreach (var mark in panel.Mark.Where(mark => mark.From == mark.To))
            AddLine(plot, mark, palette);
        // Where a plot cleared the canvas, the panels before it would be gone.
        plot.RenderManager.Remove<ScottPlot.Rendering.RenderActions.ClearCanvas>();
        Style(plot, panel, palette, size);
        FigureTicks.Apply(plot, panel, size);
        return plot;
    }

    /// <summary>The marker of a series.</summary>
    public static MarkerStyle Marker(FigureColor color, FigurePalette palette, float size) =>
        new(FigurePalette.Marker(color), size, palette[color]) { LineColor = palette[color], LineWidth = size / 5 };

    private static void Add(Plot plot, FigurePanel panel, FigureSeries series, FigurePalette palette, double pixel, string? format)
    {
        if (series.Kind == FigureSeriesKind.Bar)
        {
            AddBars(plot, series, palette, format);
            return;
        }

        var color = palette[series.Color];
        double[] x = [.. series.X.Select(value => FigureTicks.Place(panel.X, value) + series.Shift * pixel)];
        double[] y = [.. series.Y.Select(value => FigureTicks.Place(panel.Y, value))];
        if (series.Kind == FigureSeriesKind.Line && series.Low.Count > 0)
            AddRange(plot, panel, series, x, color);
        var line = plot.Add.Scatter(x, y);
        line.Color = color;
        line.LineWidth = series.Dash > 0 ? 0 : series.Kind == FigureSeriesKind.Area ? 1.6f : LineWidth;
        if (series.Dash > 0)
            plot.PlottableList.Add(new DashedLine(x, y, color, LineWidth, series.Dash));
        line.MarkerSize = 0;
        if (series.Kind == FigureSeriesKind.Area)
        {
            line.FillY = true;
            line.FillYColor = color.WithAlpha(AreaOpacity);
            line.FillYValue = 0;
        }
        else if (series.Kind == FigureSeriesKind.MarkedLine)
        {
            line.MarkerStyle = Marker(series.Color, palette, 8);
            AddIntervals(plot, series, x, y, color, value => FigureTicks.Place(panel.Y, value), isHorizontal: false);
        }
    }

    // The width of a pixel in units of the horizontal axis, and less where positions are so near that what is moved would meet the next.
    private static double PixelWidth(FigurePanel panel, double width)
    {
        const double MostOfAGap = 0.4;
        double[] places = [.. panel.Series.SelectMany(series => series.X).Distinct().Select(value => FigureTicks.Place(panel.X, value)).Where(double.IsFinite).Order()];
        if (places.Length == 0)
            return 0;
        var from = panel.X.Minimum is { } minimum ? FigureTicks.Place(panel.X, minimum) : places[0];
        var to = panel.X.Maximum is { } maximum ? FigureTicks.Place(panel.X, maximum) : places[^1];
        var gap = places.Zip(places.Skip(1), (a, b) => b - a).DefaultIfEmpty(double.PositiveInfinity).Min();
        var reach = panel.Series.Max(series => series.Shift) - panel.Series.Min(series => series.Shift);
        return Math.Min((to - from) / width, reach > 0 ? MostOfAGap * gap / reach : double.PositiveInfinity);
    }

    private static void AddRange(Plot plot, FigurePanel panel, FigureSeries series, double[] x, Color color)
    {
        double[] low = [.. series.Low.Select(value => FigureTicks.Place(panel.Y, value))];
        double[] high = [.. series.High.Select(value => FigureTicks.Place(panel.Y, value))];
        var range = plot.Add.FillY(x, low, high);
        range.FillColor = color.WithAlpha(RangeOpacity);
        range.LineWidth = 0;
        range.MarkerSize = 0;
    }

    private static void AddBars(Plot plot, FigureSeries series, FigurePalette palette, string? format)
    {
        var color = palette[series.Color];
        var bars = series.X.Select((value, i) => new Bar
        {
            Position = series.Y[i],
            Value = value,
            Size = BarThickness,
            FillColor = color.WithAlpha(200),
            LineColor = color,
            LineWidth = 1,
            Orientation = Orientation.Horizontal,
        });
        plot.Add.Bars(bars.ToArray()).Horizontal = true;
        AddIntervals(plot, series, [.. series.X], [.. series.Y], palette.Text, value => value, isHorizontal: true);
        if (format is not null)
            AddValues(plot, series, palette, format);
    }

    // Beyond the bar's end, or its interval's.
    private static void AddValues(Plot plot, FigureSeries series, FigurePalette palette, string format)
    {
        for (var i = 0; i < series.X.Count; i++)
        {
            var value = series.X[i];
            var end = series.High.Count == 0 || double.IsNaN(series.High[i]) ? value : value < 0 ? series.Low[i] : series.High[i];
            var text = plot.Add.Text(FigureTicks.Round(value, format), end, series.Y[i]);
            text.LabelStyle.FontName = FigureFont.Family;
            text.LabelStyle.FontSize = TickSize - 1;
            text.LabelStyle.ForeColor = palette.Text;
            text.Alignment = value < 0 ? Alignment.MiddleRight : Alignment.MiddleLeft;
            text.OffsetX = value < 0 ? -5 : 5;
        }
    }

    private static void AddIntervals(
        Plot plot, FigureSeries series, double[] x, double[] y, Color color, Func<double, double> place, bool isHorizontal)
    {
        for (var i = 0; i < series.Low.Count; i++)
        {
            if (double.IsNaN(series.Low[i]) || double.IsNaN(series.High[i]))
                continue;
            // A line with an end mark each: the library's own error bars draw both arms as long as the lower one.
            double[] ends = [place(series.Low[i]), place(series.High[i])];
            var bar = isHorizontal ? plot.Add.Scatter(ends, [y[i], y[i]]) : plot.Add.Scatter([x[i], x[i]], ends);
            bar.Color = color;
            bar.LineWidth = 1.5f;
            bar.MarkerShape = isHorizontal ? MarkerShape.VerticalBar : MarkerShape.HorizontalBar;
            bar.MarkerSize = 8;
            bar.MarkerLineWidth = 1.5f;
        }
    }

    private static void AddBand(Plot plot, FigureMark mark, FigurePalette palette)
    {
        var span = plot.Add.HorizontalSpan(mark.From, mark.To, palette[mark.Color].WithAlpha(60));
        span.LineStyle.Color = palette[mark.Color];
        span.LineStyle.Width = 1;
    }

    private static void AddLine(Plot plot, FigureMark mark, FigurePalette palette) =>
        plot.PlottableList.Add(new DashedLine([mark.From], [], palette[mark.Color], 1.8f, dash: 1));

    private static void Style(Plot plot, FigurePanel panel, FigurePalette palette, PixelSize size)
    {
        plot.FigureBackground.Color = palette.Background;
        plot.DataBackground.Color = palette.Background;
        plot.Axes.Color(palette.Axis);
        plot.Grid.MajorLineColor = palette.Grid;
        plot.HideLegend();
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Right.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.Axes.Right.MinimumSize = RightMargin;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Grid.YAxisStyle.IsVisible = panel.Y.Category.Count == 0;
        var room = FigureRoom.Of(panel, size);
        StyleTitle(plot, panel, palette, room);
        StyleAxis(plot.Axes.Bottom, panel.X, palette, room.Width);
        StyleAxis(plot.Axes.Left, panel.Y, palette, room.Height);
        if (panel.Y.Category.Count > 0)
            plot.Axes.Left.TickLabelStyle.FontSize = Math.Min(TickSize, FigureRoom.RowHeight(panel, size));
    }

    private static void StyleTitle(Plot plot, FigurePanel panel, FigurePalette palette, FigureRoom room)
    {
        // A second line takes from the data what a low panel has not; of a note that is too wide the last part says most.
        var note = FigureRoom.Has(panel.Note, PanelTitleSize * FigureRoom.Smallest, room.TitleWidth) ? panel.Note : panel.Note.Split(", ")[^1];
        var parts = new[] { panel.Title, room.IsLow && panel.Title.Length > 0 ? "" : note }.Where(part => part.Length > 0).ToList();
        plot.Title(string.Join('\n', parts), parts.Select(part => FigureRoom.Fit(part, PanelTitleSize, room.TitleWidth)).DefaultIfEmpty(PanelTitleSize).Min());
        var title = plot.Axes.Title.Label;
        title.ForeColor = palette.Text;
        title.Bold = false;
        title.Font = FigureFont.Find(bold: parts.Count == 1);
        plot.Title(parts.Count > 0);
    }

    private static void StyleAxis(IAxis axis, FigureAxis description, FigurePalette palette, float room)
    {
        var isLong = description.ShortLabel is not null && description.Label.Length > 0 && !FigureRoom.Has(description.Label, LabelSize, room);
        axis.Label.Text = isLong ? description.ShortLabel! : description.Label;
        axis.Label.FontSize = FigureRoom.Fit(axis.Label.Text, LabelSize, room);
        axis.Label.Bold = false;
        axis.Label.FontName = FigureFont.Family;
        axis.Label.ForeColor = palette.Text;
        axis.TickLabelStyle.FontName = FigureFont.Family;
        axis.TickLabelStyle.FontSize = TickSize;
        axis.TickLabelStyle.ForeColor = palette.Muted;
        axis.MajorTickStyle.Length = 4;
        axis.MinorTickStyle.Length = 0;
    }
}
