using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace LogitSeparation.Core.Reports;

/// <summary>Draws a figure on a canvas: heading, panels in a grid, one legend for all.</summary>
internal static class FigureDrawing
{
    private const double ReferenceArea = 960 * 600;
    private const double SmallestScale = 0.75;
    private const double LargestScale = 3;
    private const float Margin = 14;
    private const float TitleSize = 19;
    private const float SubtitleSize = 13;
    private const double BestPanelShape = 1.5;

    /// <summary>Draws.</summary>
    /// <param name="figure">What.</param>
    /// <param name="canvas">A canvas of the options' size.</param>
    /// <param name="options">Size and theme.</param>
    public static void Draw(Figure figure, SKCanvas canvas, FigureOptions options)
    {
        FigureFont.Register();
        var palette = FigurePalette.Of(options.Theme);
        // Letters grow with the picture, but slower than its sides.
        var scale = (float)Math.Clamp(Math.Sqrt(options.Width * (double)options.Height / ReferenceArea), SmallestScale, LargestScale);
        canvas.Clear(palette.Background.ToSKColor());
        var margin = Margin * scale;
        var rect = new PixelRect(margin, options.Width - margin, options.Height - margin, margin);
        rect = DrawHeading(figure, canvas, rect, palette, scale);
        var legend = new FigureLegend(figure, palette, scale);
        var legendHeight = legend.Measure(rect.Width);
        legend.Draw(canvas, rect.Left, rect.Bottom - legendHeight, rect.Width);
        DrawPanels(figure, canvas, new PixelRect(rect.Left, rect.Right, rect.Bottom - legendHeight, rect.Top), palette, scale);
    }

    private static PixelRect DrawHeading(Figure figure, SKCanvas canvas, PixelRect rect, FigurePalette palette, float scale)
    {
        var top = rect.Top;
        top += DrawLine(canvas, figure.Title, rect, top, TitleSize * scale, bold: true, palette.Text);
        if (figure.Subtitle.Length > 0)
            top += DrawLine(canvas, figure.Subtitle, rect, top, SubtitleSize * scale, bold: false, palette.Muted);
        return new PixelRect(rect.Left, rect.Right, rect.Bottom, top + 4 * scale);
    }

    // A line that is too long for the picture gets smaller letters, down to where they could not be read.
    private static float DrawLine(SKCanvas canvas, string text, PixelRect rect, float top, float size, bool bold, Color color)
    {
        const float Smallest = 0.6f;
        using var paint = Paint.NewDisposablePaint();
        var label = FigureText.Style(text, size, bold, color);
        var width = label.Measure(paint).Width;
        label.FontSize = size * Math.Clamp(rect.Width / width, Smallest, 1);
        label.Alignment = Alignment.UpperLeft;
        label.Render(canvas, new Pixel(rect.Left, top), paint);
        return size * 1.4f;
    }

    private static void DrawPanels(Figure figure, SKCanvas canvas, PixelRect rect, FigurePalette palette, float scale)
    {
        var count = figure.Panel.Count;
        var columns = ChooseColumns(count, rect.Width / scale, rect.Height / scale);
        var rows = (count + columns - 1) / columns;
        var gap = Margin * scale;
        var width = (rect.Width - gap * (columns - 1)) / columns;
        var height = (rect.Height - gap * (rows - 1)) / rows;
        RefuseLowRows(figure, new PixelSize(width / scale, height / scale));
        var format = FigureTicks.FormatOf(figure);
        for (var i = 0; i < count; i++)
        {
            var left = rect.Left + i % columns * (width + gap);
            var top = rect.Top + i / columns * (height + gap);
            using var plot = FigurePlot.Create(WithoutRepeatedLabels(figure.Panel, i, columns), palette, new PixelSize(width / scale, height / scale), format);
            // The plot's own scale factor would go on to the panels after it.
            canvas.Save();
            canvas.Translate(left, top);
            canvas.Scale(scale);
            plot.Render(canvas, new PixelRect(0, width / scale, height / scale, 0));
            canvas.Restore();
        }
    }

    // Names that lie over one another say less than none.
    private static void RefuseLowRows(Figure figure, PixelSize size)
    {
        const float Lowest = 6;
        foreach (var panel in figure.Panel)
        {
            if (FigureRoom.RowHeight(panel, size) < Lowest)
            {
                throw new SlcException("FigureTooSmall", SlcErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                    $"The picture is too low for {panel.Y.Category.Count} rows in each of {figure.Panel.Count} panels. Give it a larger -Height, or pipe in less."));
            }
        }
    }

    // What the panel below or to the left says already takes room from the data.
    private static FigurePanel WithoutRepeatedLabels(IReadOnlyList<FigurePanel> panels, int index, int columns)
    {
        var panel = panels[index];
        // A row whose last panel has none below keeps its labels, so that its axes stay in line.
        var rowEnd = (index / columns + 1) * columns - 1;
        if (rowEnd + columns < panels.Count && panels[index + columns].X.Label == panel.X.Label)
            panel = panel with { X = panel.X with { Label = "" } };
        if (index % columns > 0 && panels[index - 1].Y.Label == panel.Y.Label)
            panel = panel with { Y = panel.Y with { Label = "" } };
        return panel;
    }

    // The grid whose panels are nearest to the best shape, and that leaves few places empty; where what stands around the data would
    // leave too little of it, the one that leaves most.
    internal static int ChooseColumns(int count, double width, double height)
    {
        const double Enough = 100;
        const int Few = 4;
        var grids = Enumerable.Range(1, count).Where(columns => count > Few || count % columns == 0).Select(columns =>
        {
            var rows = (count + columns - 1) / columns;
            var empty = rows * columns - count;
            return (Columns: columns,
                Side: Math.Min(width / columns - FigureRoom.Axis, height / rows - FigureRoom.Bottom - FigureRoom.TitleLine),
                Badness: Math.Abs(Math.Log(width * rows / (height * columns) / BestPanelShape)) + 0.15 * empty);
        }).ToList();
        var best = grids.MinBy(grid => grid.Badness);
        return best.Side >= Enough ? best.Columns : grids.MaxBy(grid => Math.Min(grid.Side, Enough)).Columns;
    }
}
