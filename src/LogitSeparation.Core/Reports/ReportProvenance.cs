using System.Globalization;

namespace LogitSeparation.Core.Reports;

/// <summary>How a report and its runs were made, as names and values.</summary>
internal static class ReportProvenance
{
    /// <summary>Of the report.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(Report report) =>
    [
        ("Made", report.Created.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)),
        ("Software", string.Join(", ", [$"LogitSeparation {report.Version}", .. report.Library, report.Machine.Runtime])),
        ("Machine", string.Create(CultureInfo.InvariantCulture, $"{report.Machine.Processor}, {report.Machine.ProcessorCount} logical processors, {report.Machine.System}")),
    ];

    /// <summary>Of a run whose model is known.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(RunOrigin origin) =>
    [
        ("Network", origin.Network),
        ("Parameters", string.Join(", ", origin.Parameter.Select(item => $"{item.Key} {item.Value}"))),
        ("Data set", $"SHA-256 {origin.DatasetChecksum}; split {origin.DatasetSplit}"),
        ("Trained", string.Create(CultureInfo.InvariantCulture,
            $"in {origin.Duration.TotalSeconds:0.0} s on {origin.Device} with {origin.ThreadCount} {(origin.ThreadCount == 1 ? "thread" : "threads")}, by version {origin.Version}")),
    ];

    /// <summary>The runs whose model is known, each once, with a name.</summary>
    public static IReadOnlyList<(string Name, RunOrigin Origin)> Runs(Report report)
    {
        var runs = report.Run.Where(run => run.Origin is not null).DistinctBy(run => run.Origin).ToList();
        var names = RunNames.Distinguish(runs);
        return [.. runs.Select((run, i) => (names[i], run.Origin!))];
    }
}
