using ScottPlot;

namespace LogitSeparation.Core.Reports;

/// <summary>Letters of a figure, outside of its axes.</summary>
internal static class FigureText
{
    /// <summary>A text in the figures' font.</summary>
    public static LabelStyle Style(string text, float size, bool bold, Color color) =>
        new() { Text = text, FontName = bold ? FigureFont.BoldFamily : FigureFont.Family, FontSize = size, ForeColor = color };
}
