using ScottPlot;

namespace LogitSeparation.Core.Reports;

/// <summary>Letters of a figure, outside of its axes.</summary>
internal static class FigureText
{
    /// <summary>A text in the figures' font.</summary>
    public static LabelStyle Style(string text, float size, bool bold, Color color)
    {
        var style = new LabelStyle { Text = text, FontSize = size, ForeColor = color };
        // By the letters themselves: the plotting library would look up a name in what its last plot had set.
        style.Font = FigureFont.Find(bold);
        return style;
    }
}
