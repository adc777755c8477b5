using System.Globalization;
using System.Text;
using LogitSeparation.Core.Evaluation.Statistics;
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
        ("ExampleCount", run => run.Metrics?.ExampleCount),
        ("ClassCount", run => run.Metrics?.ClassCount),
        ("UniformThreshold", run => run.Metrics?.UniformThreshold),
        ("Network", run => run.Origin?.Network),
        ("Parameters", run => run.Origin is { } origin ? string.Join(' ', origin.Parameter.Select(item => $"{item.Key}={item.Value}")) : null),
        ("DatasetChecksum", run => run.Origin?.DatasetChecksum),
        ("DatasetSplit", run => run.Origin?.DatasetSplit),
        ("Device", run => run.Origin?.Device),
        ("ThreadCount", run => run.Origin?.ThreadCount),
        ("Seconds", run => run.Origin?.Duration.TotalSeconds),
        ("Version", run => run.Origin?.Version),
        ("Source", run => run.Source),
    ];

    /// <summary>The file.</summary>
    public static string Write(Report report)
    {
        // Measures that have no column yet, such as precisions at other recalls.
        var others = report.Run.Where(run => run.Metrics is not null).SelectMany(run => Metric.In(run.Metrics!)).DistinctBy(metric => metric.Name)
            .Where(metric => Array.TrueForAll(Columns, column => column.Name != metric.Name)).ToList();
        var text = new StringBuilder(string.Join(',', Columns.Select(column => column.Name).Concat(others.Select(metric => metric.Name))))
            .Append(",SourceChecksum,Machine,Library\r\n");
        var machine = Quote(string.Create(CultureInfo.InvariantCulture,
            $"{report.Machine.Processor}, {report.Machine.ProcessorCount} logical processors, {report.Machine.System}, {report.Machine.Runtime}"));
        var library = Quote(string.Join(", ", report.Library));
        foreach (var run in report.Run)
        {
            var values = Columns.Select(column => column.Value(run)).Concat(others.Select(metric => run.Metrics is null ? null : (object?)metric.Of(run.Metrics)))
                .Append(report.Source.FirstOrDefault(source => source.Path == run.Source)?.Checksum);
            text.AppendJoin(',', values.Select(Quote)).Append(',').Append(machine).Append(',').Append(library).Append("\r\n");
        }

        return text.ToString();
    }

    // Numbers as the shortest text that reads back to the same number.
    private static string Quote(object? value)
    {
        var text = value is double number ? number.ToString("R", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return CsvRecords.Quote(text);
    }
}
