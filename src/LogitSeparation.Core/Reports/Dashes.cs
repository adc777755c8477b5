using SkiaSharp;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// Dashed lines as shapes of their own: the SVG canvas knows no dashes, draws lines through, and complains of it on the console.
/// </summary>
internal static class Dashes
{
    private const float DashLength = 8;
    private const float DotLength = 2.4f;
    private const float Space = 4.5f;

    /// <summary>Draws along a path.</summary>
    /// <param name="canvas">Where to draw.</param>
    /// <param name="path">The line.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="width">Its width.</param>
    /// <param name="dash">The <see cref="FigureSeries.Dash"/>, at least 1.</param>
    /// <param name="scale">How much larger the pattern is than in a plot.</param>
    public static void Draw(SKCanvas canvas, SKPath path, SKColor color, float width, int dash, float scale)
    {
        using var effect = SKPathEffect.CreateDash(Array.ConvertAll(Pattern(dash), length => length * scale), 0);
        using var stroke = new SKPaint { IsStroke = true, StrokeWidth = width, PathEffect = effect };
        using var shape = stroke.GetFillPath(path);
        using var fill = new SKPaint { Color = color, IsAntialias = true };
        if (shape is not null)
            canvas.DrawPath(shape, fill);
    }

    // Dashes; dots; and then dashes with ever more dots between them: unlike at first sight, and never the same twice.
    private static float[] Pattern(int dash) => dash switch
    {
        1 => [DashLength, Space],
        2 => [DotLength, Space],
        _ => [DashLength, Space, .. Enumerable.Repeat(new[] { DotLength, Space }, dash - 2).SelectMany(part => part)],
    };
}
