using System.Globalization;
using System.Text;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Reports;

/// <summary>A report's runs as comma-separated values: the measures themselves, in full, under the names of their properties.</summary>
internal static class CsvReport
{
    private static readonly (string Name, Func<RunResult, object?> Value)[] Columns =
    [
        ("Dataset", run => run.Dataset),
        ("Split", run => run.Split),
        ("Loss", run => run.Loss),
        ("Score", run => run.Score),
        ("LearningRate", run => run.LearningRate),
        ("Seed", run => run.Seed),
        ("Step", run => run.Step),
        ("Auprc", run => run.Auprc),
        ("PrecisionAt90", run => run.PrecisionAt90),
        ("PrecisionAt99", run => run.PrecisionAt99),
        ("Accuracy", run => run.Accuracy),
        ("Margin", run => run.Margin),
        ("ViolatingShare", run => run.ViolatingShare),
        ("Network", run => run.Origin?.Network),
        ("Parameters", run => run.Origin is { } origin ? string.Join(' ', origin.Parameter.Select(item => $"{item.Key}={item.Value}")) : null),
        ("DatasetChecksum", run => run.Origin?.DatasetChecksum),
        ("DatasetSplit", run => run.Origin?.DatasetSplit),
        ("Device", run => run.Origin?.Device),
        ("ThreadCount", run => run.Origin?.ThreadCount),
        ("Seconds", run => run.Origin?.Duration.TotalSeconds),
        ("Version", run => run.Origin?.Version),
    ];

    /// <summary>The file.</summary>
    public static string Write(Report report)
    {
        var text = new StringBuilder(string.Join(',', Columns.Select(column => column.Name))).Append(",Machine,Library\r\n");
        var machine = Quote(string.Create(CultureInfo.InvariantCulture,
            $"{report.Machine.Processor}, {report.Machine.ProcessorCount} logical processors, {report.Machine.System}, {report.Machine.Runtime}"));
        var library = Quote(string.Join(", ", report.Library));
        foreach (var run in report.Run)
            text.AppendJoin(',', Columns.Select(column => Quote(column.Value(run)))).Append(',').Append(machine).Append(',').Append(library).Append("\r\n");
        return text.ToString();
    }

    // Numbers as the shortest text that reads back to the same number.
    private static string Quote(object? value)
    {
        var text = value is double number ? number.ToString("R", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return CsvRecords.Quote(text);
    }
}
