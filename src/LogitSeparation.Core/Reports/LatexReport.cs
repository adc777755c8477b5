using System.Text;

namespace LogitSeparation.Core.Reports;

/// <summary>A report's table in LaTeX, that over seeds where runs have several, with the rules of the package booktabs; how it was made stands in comments.</summary>
internal static class LatexReport
{
    /// <summary>The source, to be read with <c>\input</c>.</summary>
    public static string Write(Report report)
    {
        var summary = ReportSummary.Create(report.Run);
        var table = summary ?? ReportTable.Create(report.Run);
        var text = new StringBuilder();
        foreach (var (name, value) in ReportProvenance.Of(report))
            text.Append($"% {name}: {OneLine(value)}\n");
        foreach (var (name, values) in ReportProvenance.Differences(report).Prepend(("All runs", ReportProvenance.Common(report))))
        {
            if (values.Count > 0)
                text.Append($"% {OneLine(name)}: {OneLine(string.Join("; ", values.Select(item => $"{item.Name} {item.Value}")))}\n");
        }

        text.Append("% Needs \\usepackage{booktabs}.\n\\begin{table}\n\\centering\n");
        text.Append($"\\caption{{{Escape(report.Title)}. {(summary is null ? "One minus each measure: 0 is perfect." : Escape(ReportSummary.Caption))}}}\n");
        text.Append($"\\begin{{tabular}}{{{string.Concat(table.Columns.Select(column => column.IsNumber ? 'r' : 'l'))}}}\n\\toprule\n");
        AppendRow(text, table.Columns.Select(column => Escape(column.Name)));
        text.Append("\\midrule\n");
        for (var i = 0; i < table.Rows.Count; i++)
            AppendRow(text, table, i, isGrouped: summary is not null);
        return text.Append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").ToString();
    }

    // A data set is named once, and a rule parts it from the next, as in the paper's tables.
    private static void AppendRow(StringBuilder text, ReportTable table, int index, bool isGrouped)
    {
        var row = table.Rows[index];
        var isNext = index == 0 || table.Rows[index - 1][0].Text != row[0].Text;
        if (isGrouped && isNext && index > 0)
            text.Append("\\midrule\n");
        AppendRow(text, row.Select((cell, i) => isGrouped && i == 0 && !isNext ? ""
            : cell.IsBest ? $"\\textbf{{{Cell(cell, table.Columns[i])}}}" : Cell(cell, table.Columns[i])));
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
        var line = OneLine(text);
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var letter = line[i];
            // A straight quote opens where it is even so far and something follows, and else closes.
            isQuoted = letter == '"' ? !isQuoted && i + 1 < line.Length && !char.IsWhiteSpace(line[i + 1]) : isQuoted;
            escaped.Append(letter switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '<' => "\\textless{}",
                '>' => "\\textgreater{}",
                '|' => "\\textbar{}",
                '"' => isQuoted ? "``" : "''",
                '±' => "$\\pm$",
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{letter}",
                _ => letter.ToString(),
            });
        }

        return escaped.ToString();
    }
}
