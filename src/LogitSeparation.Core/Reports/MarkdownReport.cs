using System.Text;

namespace LogitSeparation.Core.Reports;

/// <summary>A report as Markdown.</summary>
internal static class MarkdownReport
{
    /// <summary>The document.</summary>
    public static string Write(Report report)
    {
        var text = new StringBuilder($"# {Escape(report.Title)}\n\n");
        if (ReportSummary.Create(report.Run) is { } summary)
        {
            text.Append($"{ReportSummary.Caption} The best of each column is bold.\n\n");
            AppendTable(text, summary);
            text.Append("\n## Single runs\n\n");
        }

        text.Append("One minus each measure: 0 is perfect. The best of each column is bold.\n\n");
        AppendTable(text, ReportTable.Create(report.Run));
        text.Append("\n## How it was made\n\n");
        AppendList(text, ReportProvenance.Of(report));
        if (ReportProvenance.Common(report) is { Count: > 0 } common)
        {
            text.Append("\n### All runs\n\n");
            AppendList(text, common);
        }

        foreach (var (name, values) in ReportProvenance.Differences(report))
        {
            text.Append($"\n### {Escape(name)}\n\n");
            AppendList(text, values);
        }

        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, ReportTable table)
    {
        AppendRow(text, table.Columns.Select(column => column.Name));
        AppendRow(text, table.Columns.Select(column => column.IsNumber ? "---:" : "---"));
        foreach (var row in table.Rows)
            AppendRow(text, row.Select(cell => cell.IsBest ? $"**{Escape(cell.Text)}**" : Escape(cell.Text)));
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append($"| {string.Join(" | ", cells)} |\n");

    private static void AppendList(StringBuilder text, IEnumerable<(string Name, string Value)> items)
    {
        foreach (var (name, value) in items)
            text.Append($"- {name}: {Escape(value)}\n");
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in text.ReplaceLineEndings(" "))
            escaped.Append(letter is '|' or '*' or '_' or '`' or '<' or '[' or '\\' ? $"\\{letter}" : letter.ToString());
        return escaped.ToString();
    }
}
