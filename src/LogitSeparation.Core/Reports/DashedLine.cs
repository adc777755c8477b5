using ScottPlot;
using SkiaSharp;

namespace LogitSeparation.Core.Reports;

/// <summary>A dashed line in a plot.</summary>
/// <param name="x">Where its points stand.</param>
/// <param name="y">Where its points stand; empty for a line from the bottom to the top.</param>
/// <param name="color">Its colour.</param>
/// <param name="width">Its width.</param>
/// <param name="dash">Its <see cref="FigureSeries.Dash"/>, at least 1.</param>
internal sealed class DashedLine(double[] x, double[] y, Color color, float width, int dash) : IPlottable
{
    /// <inheritdoc/>
    public bool IsVisible { get; set; } = true;

    /// <inheritdoc/>
    public IAxes Axes { get; set; } = new Axes();

    /// <inheritdoc/>
    public IEnumerable<LegendItem> LegendItems => [];

    /// <inheritdoc/>
    public AxisLimits GetAxisLimits() => y.Length == 0
        ? AxisLimits.HorizontalOnly(x.Min(), x.Max())
        : new AxisLimits(x.Min(), x.Max(), y.Min(), y.Max());

    /// <inheritdoc/>
    public void Render(RenderPack rp)
    {
        Pixel[] points = y.Length == 0
            ? [new(Axes.GetPixelX(x[0]), rp.DataRect.Bottom), new(Axes.GetPixelX(x[0]), rp.DataRect.Top)]
            : [.. x.Zip(y, (left, up) => Axes.GetPixel(new Coordinates(left, up)))];
        using var path = new SKPath();
        path.MoveTo(points[0].X, points[0].Y);
        foreach (var point in points[1..])
            path.LineTo(point.X, point.Y);
        Dashes.Draw(rp.Canvas, path, color.ToSKColor(), width, dash, scale: 1);
    }
}
