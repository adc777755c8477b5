using System.Globalization;
using System.Security;
using System.Text.RegularExpressions;

namespace LogitSeparation.Core.Reports;

/// <summary>What the drawing library leaves out of an SVG document: a title for readers who do not see it, scaling, and fonts to fall back on.</summary>
internal static partial class SvgText
{
    private const string Root = "<svg ";
    private const string FallbackFonts = "Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif";

    /// <summary>The complete document.</summary>
    /// <param name="svg">The document as drawn.</param>
    /// <param name="figure">What it shows.</param>
    /// <param name="options">Its size.</param>
    public static string Complete(string svg, Figure figure, FigureOptions options)
    {
        var start = svg.IndexOf(Root, StringComparison.Ordinal);
        var end = svg.IndexOf('>', start) + 1;
        var viewBox = string.Create(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {options.Width} {options.Height}\" role=\"img\" ");
        var title = $"<title>{SecurityElement.Escape(figure.Title)}</title>";
        var description = figure.Subtitle.Length > 0 ? $"<desc>{SecurityElement.Escape(figure.Subtitle)}</desc>" : "";
        return string.Concat(svg.AsSpan(0, start), Root, viewBox, svg.AsSpan(start + Root.Length, end - start - Root.Length))
            + "\n\t" + title + description
            + FontFamily().Replace(svg[end..], $"font-family=\"{FallbackFonts}\"");
    }

    // Also "Inter SemiBold, Inter", beside which a font-weight stands.
    [GeneratedRegex("font-family=\"Inter[^\"]*\"")]
    private static partial Regex FontFamily();
}
