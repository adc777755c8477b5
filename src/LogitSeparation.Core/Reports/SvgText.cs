using System.Globalization;
using System.Security;
using System.Text.RegularExpressions;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// What the drawing library leaves out of an SVG document: a title for readers who do not see it, scaling, and fonts to fall back on; and
/// without what it need not say: white space, ticks of no length, defaults, and more than a hundredth of a pixel.
/// </summary>
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
            + Shorten(FontFamily().Replace(svg[end..], $"font-family=\"{FallbackFonts}\""));
    }

    /// <summary>The root element alone, to stand in a page, which knows its namespaces.</summary>
    /// <param name="svg">A document.</param>
    public static string Element(string svg) => Namespace().Replace(svg[svg.IndexOf(Root, StringComparison.Ordinal)..].TrimEnd(), "", count: 2);

    private static string Shorten(string svg) =>
        Place().Replace(Superfluous().Replace(svg, ""), place => Digits().Replace(place.Value, number => Round(number.Value)));

    private static string Round(string number) =>
        double.Parse(number, CultureInfo.InvariantCulture).ToString("0.##", CultureInfo.InvariantCulture);

    // A line from a point to itself; the limit that is the default; space beside tags, which no text begins or ends with.
    [GeneratedRegex("\\s*<path[^>]* d=\"M([0-9. -]+)L\\1\"/>| stroke-miterlimit=\"4\"|(?<=>)\\s+|\\s+(?=<)")]
    private static partial Regex Superfluous();

    [GeneratedRegex("(?<= (?:x|y|d|cx|cy|rx|ry|width|height|transform|stroke-width|font-size)=\")[^\"]+")]
    private static partial Regex Place();

    [GeneratedRegex(" xmlns(?::xlink)?=\"[^\"]*\"")]
    private static partial Regex Namespace();

    [GeneratedRegex("[0-9]+\\.[0-9]{3,}(?:e-?[0-9]+)?")]
    private static partial Regex Digits();

    // Also "Inter SemiBold, Inter", beside which a font-weight stands.
    [GeneratedRegex("font-family=\"Inter[^\"]*\"")]
    private static partial Regex FontFamily();
}
