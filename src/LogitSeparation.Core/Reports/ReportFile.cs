using System.Text;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Reports;

/// <summary>Writes reports, in the format that the file's extension asks for.</summary>
public static class ReportFile
{
    private static readonly Dictionary<string, Func<Report, string>> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".md"] = MarkdownReport.Write,
        [".html"] = HtmlReport.Write,
        [".tex"] = LatexReport.Write,
        [".csv"] = CsvReport.Write,
        [".json"] = JsonReport.Write,
    };

    /// <summary>Whether the format of a path holds figures.</summary>
    /// <param name="path">The path.</param>
    public static bool HasFigures(string path) => Path.GetExtension(path).Equals(".html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses a path whose extension is not a report's, before anything is computed.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="SlcException"><c>ReportFormatUnknown</c>.</exception>
    public static void CheckPath(string path) => _ = Find(path);

    /// <summary>Writes a report in UTF-8, beside its target, and then renames it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="path">A path that ends in .md, .html, .tex, .csv or .json.</param>
    /// <exception cref="SlcException"><c>ReportFormatUnknown</c>, <c>ReportEmpty</c>, <c>WriteFailed</c>.</exception>
    public static void Export(Report report, string path)
    {
        ArgumentNullException.ThrowIfNull(report);
        var write = Find(path);
        if (report.Run.Count == 0)
            throw new SlcException("ReportEmpty", SlcErrorKind.InvalidArgument, "There are no runs to report: pipe in models, logits or measures.");
        var bytes = new UTF8Encoding(false).GetBytes(write(report with { Source = ReportSource.Of(report.Run) }));
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private static Func<Report, string> Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Formats.TryGetValue(Path.GetExtension(path), out var write)
            ? write
            : throw new SlcException("ReportFormatUnknown", SlcErrorKind.InvalidArgument,
                $"'{path}' ends in '{Path.GetExtension(path)}', but reports are written as {string.Join(", ", Formats.Keys)}. "
                + "Give -Path one of these extensions.", path);
    }
}
