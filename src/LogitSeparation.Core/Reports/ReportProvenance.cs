using System.Globalization;

namespace LogitSeparation.Core.Reports;

/// <summary>How a report and its runs were made, as names and values.</summary>
internal static class ReportProvenance
{
    private const string Parameters = "Parameters";

    // A parameter is one of many under one name.
    private sealed record Detail(string Name, string Parameter, string Value);

    /// <summary>Of the report.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(Report report) =>
    [
        ("Made", report.Created.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)),
        ("Software", string.Join(", ", [$"LogitSeparation {report.Version}", .. report.Library, report.Machine.Runtime])),
        ("Machine", string.Create(CultureInfo.InvariantCulture, $"{report.Machine.Processor}, {report.Machine.ProcessorCount} logical processors, {report.Machine.System}")),
        .. report.Source.Select(source => ("Logits", source.ToString())),
    ];

    /// <summary>Of a run whose model is known.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(RunOrigin origin) => Join(Details(origin));

    /// <summary>What all runs have in common whose model is known, where there are several; else nothing.</summary>
    public static IReadOnlyList<(string Name, string Value)> Common(Report report) => Join(Shared(Origins(report)));

    /// <summary>The runs whose model is known, each once, with a name.</summary>
    public static IReadOnlyList<(string Name, RunOrigin Origin)> Runs(Report report)
    {
        var runs = Known(report);
        var names = RunNames.Distinguish(runs);
        return [.. runs.Select((run, i) => (names[i], run.Origin!))];
    }

    /// <summary>The runs whose model is known, each with what it does not have in common with all others.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<(string Name, string Value)> Values)> Differences(Report report)
    {
        var shared = Shared(Origins(report));
        return [.. Runs(report).Select(run => (run.Name, Join([.. Details(run.Origin).Except(shared)])))];
    }

    private static List<RunResult> Known(Report report) => [.. report.Run.Where(run => run.Origin is not null).DistinctBy(run => run.Origin)];

    private static List<RunOrigin> Origins(Report report) => [.. Known(report).Select(run => run.Origin!)];

    private static List<Detail> Shared(List<RunOrigin> origins) =>
        origins.Count < 2 ? [] : [.. origins.Select(Details).Aggregate((first, second) => [.. first.Intersect(second)])];

    private static List<Detail> Details(RunOrigin origin) =>
    [
        new("Network", "", origin.Network),
        .. origin.Parameter.Select(item => new Detail(Parameters, item.Key, item.Value)),
        new("Data set", "", $"SHA-256 {origin.DatasetChecksum}; split {origin.DatasetSplit}"),
        new("Trained", "", string.Create(CultureInfo.InvariantCulture,
            $"on {origin.Device} with {origin.ThreadCount} {(origin.ThreadCount == 1 ? "thread" : "threads")}, by version {origin.Version}")),
        new("Time", "", string.Create(CultureInfo.InvariantCulture, $"{origin.Duration.TotalSeconds:0.0} s")),
    ];

    private static (string Name, string Value)[] Join(IReadOnlyList<Detail> details) =>
        [.. details.GroupBy(detail => detail.Name).Select(group => (group.Key, string.Join(", ", group.Select(detail => $"{detail.Parameter} {detail.Value}".TrimStart()))))];
}
