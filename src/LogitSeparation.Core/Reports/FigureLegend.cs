using ScottPlot;
using SkiaSharp;

namespace LogitSeparation.Core.Reports;

/// <summary>The legend of all panels, in as many rows as it needs.</summary>
internal sealed class FigureLegend
{
    private const float TextSize = 13;
    private const float SampleWidth = 26;
    private const float Space = 7;
    private const float RowHeight = 22;

    /// <summary>A sample is short, and has to show a pattern once at least.</summary>
    private const float SampleScale = 0.62f;

    private readonly List<(string Name, Action<SKCanvas, SKRect> Draw, float Width)> _entries = [];
    private readonly FigurePalette _palette;
    private readonly float _scale;

    /// <summary>Collects the entries; one that is alone, or bars that have names of their own, need none.</summary>
    public FigureLegend(Figure figure, FigurePalette palette, float scale)
    {
        _palette = palette;
        _scale = scale;
        var series = figure.Panel.SelectMany(panel => panel.Series).Where(item => item.Kind != FigureSeriesKind.Bar)
            .DistinctBy(item => item.Name).ToList();
        var marks = figure.Panel.SelectMany(panel => panel.Mark).DistinctBy(item => item.Name).ToList();
        if (series.Count + marks.Count < 2)
            return;
        foreach (var item in series)
            Add(item.Name, (canvas, rect) => DrawSample(item, canvas, rect));
        foreach (var item in marks)
            Add(item.Name, (canvas, rect) => DrawSample(item, canvas, rect));
    }

    /// <summary>The height that the legend takes.</summary>
    public float Measure(float width) => _entries.Count == 0 ? 0 : Rows(width).Count * RowHeight * _scale + Space * _scale;

    /// <summary>Draws the legend, its rows centred.</summary>
    public void Draw(SKCanvas canvas, float left, float top, float width)
    {
        if (_entries.Count == 0)
            return;
        using var paint = Paint.NewDisposablePaint();
        top += Space * _scale;
        foreach (var row in Rows(width))
        {
            var x = left + Math.Max(0, (width - row.Sum(entry => entry.Width)) / 2);
            foreach (var (name, draw, entryWidth) in row)
            {
                var middle = top + RowHeight * _scale / 2;
                draw(canvas, SKRect.Create(x, middle - 6 * _scale, SampleWidth * _scale, 12 * _scale));
                var label = FigureText.Style(name, TextSize * _scale, bold: false, _palette.Text);
                label.Alignment = Alignment.MiddleLeft;
                label.Render(canvas, new Pixel(x + (SampleWidth + Space) * _scale, middle), paint);
                x += entryWidth;
            }

            top += RowHeight * _scale;
        }
    }

    private void Add(string name, Action<SKCanvas, SKRect> draw)
    {
        using var paint = Paint.NewDisposablePaint();
        var text = FigureText.Style(name, TextSize * _scale, bold: false, _palette.Text).Measure(paint).Width;
        _entries.Add((name, draw, text + (SampleWidth + 3 * Space) * _scale));
    }

    private List<List<(string Name, Action<SKCanvas, SKRect> Draw, float Width)>> Rows(float width)
    {
        List<List<(string Name, Action<SKCanvas, SKRect> Draw, float Width)>> rows = [[]];
        var used = 0f;
        foreach (var entry in _entries)
        {
            if (used > 0 && used + entry.Width > width)
            {
                rows.Add([]);
                used = 0;
            }

            rows[^1].Add(entry);
            used += entry.Width;
        }

        return rows;
    }

    private void DrawSample(FigureSeries series, SKCanvas canvas, SKRect rect)
    {
        var color = _palette[series.Color].ToSKColor();
        if (series.Kind == FigureSeriesKind.Area)
        {
            FillBox(canvas, rect, color);
            return;
        }

        using var stroke = Stroke(color, 2.4f);
        if (series.Dash > 0)
            DrawDashes(canvas, new(rect.Left, rect.MidY), new(rect.Right, rect.MidY), color, 2.4f, series.Dash);
        else
            canvas.DrawLine(rect.Left, rect.MidY, rect.Right, rect.MidY, stroke);
        if (series.Kind != FigureSeriesKind.MarkedLine)
            return;
        using var paint = Paint.NewDisposablePaint();
        var marker = FigurePlot.Marker(series.Color, _palette, 8 * _scale);
        marker.Render(canvas, new Pixel(rect.MidX, rect.MidY), paint);
    }

    private void DrawSample(FigureMark mark, SKCanvas canvas, SKRect rect)
    {
        var color = _palette[mark.Color].ToSKColor();
        if (mark.From < mark.To)
        {
            FillBox(canvas, rect, color);
            return;
        }

        DrawDashes(canvas, new(rect.MidX, rect.Top - 2 * _scale), new(rect.MidX, rect.Bottom + 2 * _scale), color, 2, dash: 1);
    }

    private void DrawDashes(SKCanvas canvas, SKPoint from, SKPoint to, SKColor color, float width, int dash)
    {
        using var path = new SKPath();
        path.MoveTo(from);
        path.LineTo(to);
        Dashes.Draw(canvas, path, color, width * _scale, dash, SampleScale * _scale);
    }

    private void FillBox(SKCanvas canvas, SKRect rect, SKColor color)
    {
        using var fill = new SKPaint { Color = color.WithAlpha(FigurePlot.AreaOpacity), IsAntialias = true };
        canvas.DrawRect(rect, fill);
        using var stroke = Stroke(color, 1.6f);
        canvas.DrawRect(rect, stroke);
    }

    private SKPaint Stroke(SKColor color, float width) =>
        new() { Color = color, IsAntialias = true, IsStroke = true, StrokeWidth = width * _scale };
}
