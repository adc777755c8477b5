using System.Text;

namespace LogitSeparation.Core.Reports;

/// <summary>A report's table in LaTeX, with the rules of the package booktabs; how it was made stands in comments.</summary>
internal static class LatexReport
{
    /// <summary>The source, to be read with <c>\input</c>.</summary>
    public static string Write(Report report)
    {
        var table = ReportTable.Create(report.Run);
        var text = new StringBuilder();
        foreach (var (name, value) in ReportProvenance.Of(report))
            text.Append($"% {name}: {OneLine(value)}\n");
        foreach (var (name, origin) in ReportProvenance.Runs(report))
            text.Append($"% {OneLine(name)}: {OneLine(string.Join("; ", ReportProvenance.Of(origin).Select(item => $"{item.Name} {item.Value}")))}\n");
        text.Append("% Needs \\usepackage{booktabs}.\n\\begin{table}\n\\centering\n");
        text.Append($"\\caption{{{Escape(report.Title)}. One minus each measure: 0 is perfect.}}\n");
        text.Append($"\\begin{{tabular}}{{{string.Concat(table.Columns.Select(column => column.IsNumber ? 'r' : 'l'))}}}\n\\toprule\n");
        AppendRow(text, table.Columns.Select(column => Escape(column.Name)));
        text.Append("\\midrule\n");
        foreach (var row in table.Rows)
            AppendRow(text, row.Select((cell, i) => cell.IsBest ? $"\\textbf{{{Cell(cell, table.Columns[i])}}}" : Cell(cell, table.Columns[i])));
        return text.Append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").ToString();
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append($"{string.Join(" & ", cells)} \\\\\n");

    // A hyphen is no minus.
    private static string Cell(ReportCell cell, ReportColumn column) => column.IsNumber && cell.Text.StartsWith('-')
        ? $"$-${Escape(cell.Text[1..])}"
        : Escape(cell.Text);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in OneLine(text))
        {
            escaped.Append(letter switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '<' => "\\textless{}",
                '>' => "\\textgreater{}",
                '|' => "\\textbar{}",
                '"' => "''",
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{letter}",
                _ => letter.ToString(),
            });
        }

        return escaped.ToString();
    }
}
