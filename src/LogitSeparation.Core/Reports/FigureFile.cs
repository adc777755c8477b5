using System.Text;
using LogitSeparation.Core.Formats;
using SkiaSharp;

namespace LogitSeparation.Core.Reports;

/// <summary>Writes figures as <c>.png</c> and <c>.svg</c> files.</summary>
public static class FigureFile
{
    private const string Png = ".png";
    private const string Svg = ".svg";
    private const int BestQuality = 100;

    /// <summary>Draws a figure into a file, which is written beside its target and then renamed.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="path">A path that ends in <c>.png</c> or <c>.svg</c>.</param>
    /// <param name="options">Size and theme; null for the defaults.</param>
    /// <exception cref="SlcException"><c>FigureFormatUnknown</c>, <c>FigureSizeOutOfRange</c>, <c>WriteFailed</c>.</exception>
    public static void Export(Figure figure, string path, FigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(figure);
        options ??= new FigureOptions();
        options.Validate();
        CheckPath(path);
        var bytes = IsSvg(path) ? DrawSvg(figure, options) : DrawPng(figure, options);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>Refuses a path whose extension is not a picture's, before anything is computed.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="SlcException"><c>FigureFormatUnknown</c>.</exception>
    public static void CheckPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!IsSvg(path) && !path.EndsWith(Png, StringComparison.OrdinalIgnoreCase))
        {
            throw new SlcException("FigureFormatUnknown", SlcErrorKind.InvalidArgument,
                $"'{path}' ends in '{Path.GetExtension(path)}', but figures are written as {Png} or {Svg}. Give -Path one of these extensions.", path);
        }
    }

    /// <summary>The figure as a PNG image.</summary>
    internal static byte[] DrawPng(Figure figure, FigureOptions options)
    {
        using var surface = SKSurface.Create(new SKImageInfo(options.Width, options.Height));
        FigureDrawing.Draw(figure, surface.Canvas, options);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, BestQuality);
        return data.ToArray();
    }

    /// <summary>The figure as an SVG document in UTF-8.</summary>
    internal static byte[] DrawSvg(Figure figure, FigureOptions options)
    {
        using var stream = new MemoryStream();
        // The document ends when its canvas is disposed.
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(options.Width, options.Height), stream))
            FigureDrawing.Draw(figure, canvas, options);
        return Encoding.UTF8.GetBytes(SvgText.Complete(Encoding.UTF8.GetString(stream.ToArray()), figure, options));
    }

    private static bool IsSvg(string path) => path.EndsWith(Svg, StringComparison.OrdinalIgnoreCase);
}
