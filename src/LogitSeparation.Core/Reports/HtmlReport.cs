using System.Net;
using System.Text;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// A report as one page that needs nothing else: figures are in it, light or dark as the screen is, and the table sorts by a click
/// on a heading (or Enter).
/// </summary>
internal static class HtmlReport
{
    private const string StyleName = "LogitSeparation.Core.Reports.HtmlReport.css";
    private const string ScriptName = "LogitSeparation.Core.Reports.HtmlReport.js";

    /// <summary>The page.</summary>
    public static string Write(Report report)
    {
        var title = Encode(report.Title);
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.Append($"<title>{title}</title>\n<style>\n{ReadText(StyleName)}{DarkFigures()}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n");
        if (ReportSummary.Create(report.Run) is { } summary)
        {
            page.Append($"<p>{Encode(ReportSummary.Caption)} The best of each column is bold. A click on a heading sorts.</p>\n");
            AppendTable(page, summary);
            page.Append("<h2>Single runs</h2>\n");
        }

        page.Append("<p>One minus each measure: 0 is perfect. The best of each column is bold. A click on a heading sorts.</p>\n");
        AppendTable(page, ReportTable.Create(report.Run));
        foreach (var figure in report.Figure)
            AppendFigure(page, figure);
        page.Append("<h2>How it was made</h2>\n");
        AppendList(page, ReportProvenance.Of(report));
        foreach (var (name, origin) in ReportProvenance.Runs(report))
        {
            page.Append($"<details><summary>{Encode(name)}</summary>\n");
            AppendList(page, ReportProvenance.Of(origin));
            page.Append("</details>\n");
        }

        return page.Append($"</main>\n<script>\n{ReadText(ScriptName)}</script>\n</body>\n</html>\n").ToString();
    }

    private static void AppendTable(StringBuilder page, ReportTable table)
    {
        page.Append("<div class=\"scroll\"><table>\n<thead><tr>");
        foreach (var column in table.Columns)
            page.Append($"<th scope=\"col\"{Class(column.IsNumber, "number")}><button>{Encode(column.Name)}</button></th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            page.Append("<tr>");
            for (var i = 0; i < row.Count; i++)
            {
                var text = Encode(row[i].Text);
                page.Append($"<td{Class(table.Columns[i].IsNumber, "number")}>{(row[i].IsBest ? $"<strong>{text}</strong>" : text)}</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
    }

    private static void AppendFigure(StringBuilder page, Figure figure)
    {
        // Rows of bars need room, in two rows of panels where there are several.
        var rows = figure.Panel.Max(panel => panel.Y.Category.Count) * (figure.Panel.Count > 1 ? 2 : 1);
        var height = Math.Clamp(200 + rows * 20, figure.Panel.Count > 4 ? 900 : 600, FigureOptions.LargestSize);
        var svg = Encoding.UTF8.GetString(FigureFile.DrawSvg(figure, new FigureOptions { Height = height }));
        page.Append($"<figure>{SvgText.Element(svg)}</figure>\n");
    }

    // Each figure is in the page once: a dark screen turns its colours.
    private static string DarkFigures()
    {
        var style = new StringBuilder("@media screen and (prefers-color-scheme: dark) {\n");
        foreach (var (light, dark) in FigurePalette.Pairs())
        {
            foreach (var name in light == "#FFFFFF" ? new[] { light, "white" } : [light])
                style.Append($"  svg [fill=\"{name}\"] {{ fill: {dark}; }} svg [stroke=\"{name}\"] {{ stroke: {dark}; }}\n");
        }

        return style.Append("}\n").ToString();
    }

    private static void AppendList(StringBuilder page, IEnumerable<(string Name, string Value)> items)
    {
        page.Append("<dl>\n");
        foreach (var (name, value) in items)
            page.Append($"<dt>{Encode(name)}</dt><dd>{Encode(value)}</dd>\n");
        page.Append("</dl>\n");
    }

    private static string Class(bool applies, string name) => applies ? $" class=\"{name}\"" : "";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string ReadText(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource '{name}' is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
