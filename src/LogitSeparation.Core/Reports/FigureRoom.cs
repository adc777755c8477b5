using ScottPlot;

namespace LogitSeparation.Core.Reports;

/// <summary>How much room a panel has for what stands around its data, estimated before it is laid out.</summary>
/// <param name="Left">What the vertical axis takes.</param>
/// <param name="Width">The width of the data.</param>
/// <param name="Height">The height of the data.</param>
internal readonly record struct FigureRoom(float Left, float Width, float Height)
{
    /// <summary>What a horizontal axis takes, with its ticks and label.</summary>
    public const float Bottom = 46;

    /// <summary>What a vertical axis takes, with its ticks and label.</summary>
    public const float Axis = 62;

    /// <summary>What a line of a title takes.</summary>
    public const float TitleLine = 24;

    /// <summary>Letters are not made smaller than this share of their size.</summary>
    public const float Smallest = 0.7f;

    private const float Right = 14;
    private const float LetterWidth = 7;
    private const float LowHeight = 80;

    /// <summary>Whether lines above the data would leave it too low.</summary>
    public bool IsLow => Height < LowHeight;

    /// <summary>The width of a title, which is centred above the data.</summary>
    public float TitleWidth => Width + (2 * Right);

    /// <summary>Estimates.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="size">Its size.</param>
    public static FigureRoom Of(FigurePanel panel, PixelSize size)
    {
        var left = panel.Y.Category.Count > 0 ? (panel.Y.Category.Max(name => name.Length) * LetterWidth) + 10 : Axis;
        var above = (panel.Title.Length > 0 ? TitleLine : 0) + (panel.Note.Length > 0 ? TitleLine : 0);
        return new(left, Math.Max(1, size.Width - left - Right), Math.Max(1, size.Height - Bottom - above));
    }

    /// <summary>The height of a row of a panel whose vertical positions are things; without end where they are amounts.</summary>
    public static float RowHeight(FigurePanel panel, PixelSize size) =>
        panel.Y.Category.Count > 0 ? Of(panel, size).Height / panel.Y.Category.Count : float.PositiveInfinity;

    /// <summary>Whether a text fits in letters of its size.</summary>
    public static bool Has(string text, float size, float room) => Measure(text, size) <= room;

    /// <summary>The size of letters, that of a text or smaller, in which it fits; and where it cannot, the smallest.</summary>
    public static float Fit(string text, float size, float room) =>
        text.Length == 0 ? size : size * Math.Clamp(room / Measure(text, size), Smallest, 1);

    private static float Measure(string text, float size)
    {
        using var paint = Paint.NewDisposablePaint();
        return FigureText.Style(text, size, bold: false, Colors.Black).Measure(paint).Width;
    }
}
