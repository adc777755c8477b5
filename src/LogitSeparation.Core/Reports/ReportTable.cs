using System.Globalization;

namespace LogitSeparation.Core.Reports;

/// <summary>A report's runs as a table of texts, with the best value of each measure (among runs on the same data) marked.</summary>
internal sealed class ReportTable
{
    private sealed record Column(string Name, Func<RunResult, string, string> Text, ReportMeasure? Measure = null);

    private static readonly Column[] Known =
    [
        new("Loss", (_, name) => name),
        new("Dataset", (run, _) => Join(run.Dataset, run.Split?.ToString())),
        new("Rate", (run, _) => run.LearningRate?.ToString("G4", CultureInfo.InvariantCulture) ?? ""),
        new("Steps", (run, _) => run.Step?.ToString(CultureInfo.InvariantCulture) ?? ""),
        new("Seed", (run, _) => run.Seed?.ToString(CultureInfo.InvariantCulture) ?? ""),
        .. ReportMeasures.Table.Append(ReportMeasure.Margin).Select(measure => new Column(
            ReportMeasures.Label(measure),
            (run, _) => ReportMeasures.Shown(run, measure)?.ToString(measure == ReportMeasure.Margin ? "0.000" : "0.0000", CultureInfo.InvariantCulture) ?? "",
            measure)),
        new("Violating", (run, _) => run.ViolatingShare is { } share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0000}%") : ""),
    ];

    internal ReportTable(IReadOnlyList<ReportColumn> columns, IReadOnlyList<IReadOnlyList<ReportCell>> rows)
    {
        Columns = columns;
        Rows = rows;
    }

    /// <summary>The columns that at least one run has a value for.</summary>
    public IReadOnlyList<ReportColumn> Columns { get; }

    /// <summary>A row for each run.</summary>
    public IReadOnlyList<IReadOnlyList<ReportCell>> Rows { get; }

    /// <summary>Makes the table.</summary>
    public static ReportTable Create(IReadOnlyList<RunResult> runs)
    {
        var columns = Known.Where(column => runs.Any(run => column.Text(run, run.Name).Length > 0)).ToList();
        var rows = runs.Select(run => columns.Select(column => new ReportCell(
            column.Text(run, run.Name), column.Measure is { } measure && IsBest(runs, run, measure))).ToList()).ToList();
        return new([.. columns.Select(column => new ReportColumn(column.Name, column.Name is not ("Loss" or "Dataset")))], rows);
    }

    // As the values are shown, so that what looks equal is marked alike; one run alone is not the best of anything.
    private static bool IsBest(IReadOnlyList<RunResult> runs, RunResult run, ReportMeasure measure)
    {
        var rivals = runs.Where(other => other.Dataset == run.Dataset && other.Split == run.Split)
            .Select(other => Rank(other, measure)).OfType<double>().ToList();
        return rivals.Count > 1 && Rank(run, measure) is { } own && own == rivals.Min();
    }

    private static double? Rank(RunResult run, ReportMeasure measure) => measure == ReportMeasure.Margin
        ? -run.Margin is { } margin ? Math.Round(margin, 3) : null
        : ReportMeasures.Shown(run, measure) is { } value ? Math.Round(value, 4) : null;

    private static string Join(params string?[] parts) => string.Join(' ', parts.Where(part => !string.IsNullOrEmpty(part)));
}
