using System.Globalization;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// The paper's Table 1 of a report's runs: a row for each loss on each data set, a column for each measure, in it the mean over seeds
/// and half of its 95% t-interval.
/// </summary>
internal static class ReportSummary
{
    /// <summary>What stands above or below the table.</summary>
    public const string Caption = "Mean over seeds ± half of its 95% t-interval; one minus each measure: 0 is perfect.";

    /// <summary>The name of the first column, by which rows belong together.</summary>
    public const string DatasetColumn = "Dataset";

    private sealed record Row(string Dataset, RunSeries Series, IReadOnlyList<SampleSummary?> Values);

    /// <summary>The table; null where no loss has several runs that differ by their seed, or none has a measure.</summary>
    public static ReportTable? Create(IReadOnlyList<RunResult> runs)
    {
        var measures = ReportMeasures.Table.Where(measure => runs.Any(run => run[measure] is not null)).ToArray();
        var rows = runs.GroupBy(run => (run.Dataset, run.Split)).SelectMany(group => RunSeries.InPaperOrder([.. group]).Select(series => new Row(
            string.Join(' ', new[] { group.Key.Dataset, group.Key.Split?.ToString() }.Where(part => part is not null)), series,
            [.. measures.Select(measure => ReportMeasures.Summarize(series.Runs, measure))]))).ToList();
        if (measures.Length == 0 || rows.TrueForAll(row => row.Series.Runs.Count == 1))
            return null;
        ReportColumn[] columns = [new(DatasetColumn, false), new("Loss", false), new("Seeds", true), .. measures.Select(measure => new ReportColumn(ReportMeasures.Label(measure), true))];
        return new(columns, [.. rows.Select(row => Cells(row, rows))]);
    }

    private static ReportCell[] Cells(Row row, IReadOnlyList<Row> rows)
    {
        var rivals = rows.Where(other => other.Dataset == row.Dataset).ToList();
        return
        [
            new(row.Dataset, false), new(row.Series.Name, false), new(row.Series.Runs.Count.ToString(CultureInfo.InvariantCulture), false),
            .. row.Values.Select((value, i) => new ReportCell(Text(value), IsBest(value, [.. rivals.Select(rival => rival.Values[i])]))),
        ];
    }

    private static string Text(SampleSummary? value) => value switch
    {
        null => "",
        { StandardDeviation: not null, Interval: { } interval } => string.Create(CultureInfo.InvariantCulture,
            $"{value.Mean:0.0000} ± {(interval.Upper - interval.Lower) / 2:0.0000}"),
        _ => value.Mean.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    // As the values are shown, so that what looks equal is marked alike.
    private static bool IsBest(SampleSummary? value, IReadOnlyList<SampleSummary?> rivals)
    {
        var shown = rivals.OfType<SampleSummary>().Select(rival => Math.Round(rival.Mean, 4)).ToList();
        return value is not null && shown.Count > 1 && Math.Round(value.Mean, 4) == shown.Min();
    }
}
