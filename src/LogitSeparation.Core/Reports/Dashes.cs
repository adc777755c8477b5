using SkiaSharp;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// Dashed lines as shapes of their own: the SVG canvas knows no dashes, draws lines through, and complains of it on the console.
/// </summary>
internal static class Dashes
{
    /// <summary>Draws along a path.</summary>
    /// <param name="canvas">Where to draw.</param>
    /// <param name="path">The line.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="width">Its width.</param>
    /// <param name="on">The length of a dash.</param>
    /// <param name="off">The space between two.</param>
    public static void Draw(SKCanvas canvas, SKPath path, SKColor color, float width, float on, float off)
    {
        using var dash = SKPathEffect.CreateDash([on, off], 0);
        using var stroke = new SKPaint { IsStroke = true, StrokeWidth = width, PathEffect = dash };
        using var shape = stroke.GetFillPath(path);
        using var fill = new SKPaint { Color = color, IsAntialias = true };
        if (shape is not null)
            canvas.DrawPath(shape, fill);
    }
}
