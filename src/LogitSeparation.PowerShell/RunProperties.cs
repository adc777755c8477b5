using System.Management.Automation;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Reports;

namespace LogitSeparation.PowerShell;

/// <summary>
/// Reads a result off any object by the names of its properties, its own or those of what it was configured with and what was
/// measured of it, as trials have them.
/// </summary>
internal static class RunProperties
{
    private static readonly string[] Parts = ["Configuration", "Metrics", "Separation"];

    /// <summary>The object as a point of a history; null where it is none: it has measures, or no step and loss that are numbers.</summary>
    public static HistoryPoint? ReadPoint(PSObject item)
    {
        if (item.BaseObject is HistoryPoint point)
            return point;
        PSObject[] parts = [item];
        if (Find(parts, "Auprc") is not null || Value<int>(parts, "Step") is not { } step || Value<double>(parts, "Loss") is not { } loss)
            return null;
        return new(
            step, loss, Value<double>(parts, "ValidationAccuracy"), Value<double>(parts, "ValidationAuprc"), Value<double>(parts, "CertifiedShare"),
            Value<double>(parts, "ValidationMargin"));
    }

    /// <summary>The object as measures, those that it lacks as NaN; null where it has none of them.</summary>
    public static SlcMetrics? ReadMetrics(PSObject item)
    {
        PSObject[] parts = [item];
        if (Read(item) is not { } run || !Metric.Paper.Any(metric => Find(parts, metric.Name) is not null))
            return null;
        return new SlcMetrics
        {
            Dataset = run.Dataset,
            Split = run.Split,
            Loss = run.Loss,
            Seed = run.Seed,
            LearningRate = run.LearningRate,
            Source = run.Source,
            Score = run.Score,
            ExampleCount = Value<int>(parts, "ExampleCount") ?? 0,
            ClassCount = Value<int>(parts, "ClassCount") ?? 0,
            Auprc = run.Auprc ?? double.NaN,
            PrecisionAt90 = run.PrecisionAt90 ?? double.NaN,
            PrecisionAt99 = run.PrecisionAt99 ?? double.NaN,
            Accuracy = run.Accuracy ?? double.NaN,
            AuprcWeighted = Value<double>(parts, "AuprcWeighted"),
            AuprcTrapezoid = Value<double>(parts, "AuprcTrapezoid"),
            AuprcTrapezoidWeighted = Value<double>(parts, "AuprcTrapezoidWeighted"),
            PrecisionAt90Weighted = Value<double>(parts, "PrecisionAt90Weighted"),
            PrecisionAt99Weighted = Value<double>(parts, "PrecisionAt99Weighted"),
            BestF1 = Value<double>(parts, "BestF1"),
            BestF1Weighted = Value<double>(parts, "BestF1Weighted"),
            BalancedAccuracy = Value<double>(parts, "BalancedAccuracy"),
            Top5Accuracy = Value<double>(parts, "Top5Accuracy"),
            UniformAccuracy = Value<double>(parts, "UniformAccuracy"),
            PrecisionAtRecall = new SortedList<double, double>(),
            Class = Array.Empty<ClassMetrics>(),
            AbsentClasses = Array.Empty<string>(),
        };
    }

    /// <summary>What the object says; null where it says nothing that could be shown.</summary>
    public static RunResult? Read(PSObject item)
    {
        PSObject[] parts = [item, .. Parts.Select(name => item.Properties[name]?.Value).OfType<object>().Select(PSObject.AsPSObject)];
        var run = new RunResult
        {
            Dataset = Text(parts, "Dataset"),
            Split = Value<Split>(parts, "Split"),
            Loss = Text(parts, "Loss"),
            Source = Text(parts, "Source"),
            Score = Value<MetricsScore>(parts, "Score") ?? MetricsScore.SingleLogit,
            LearningRate = Value<double>(parts, "LearningRate"),
            Seed = Value<int>(parts, "Seed"),
            Step = Value<int>(parts, "Step"),
            Auprc = Value<double>(parts, "Auprc"),
            PrecisionAt90 = Value<double>(parts, "PrecisionAt90"),
            PrecisionAt99 = Value<double>(parts, "PrecisionAt99"),
            Accuracy = Value<double>(parts, "Accuracy"),
            Margin = Value<double>(parts, "Margin"),
            ViolatingShare = Value<double>(parts, "ViolatingShare"),
            History = Points(Find(parts, "History")),
        };
        var isKnown = run.History.Count > 0 || run.Auprc is not null || run.PrecisionAt90 is not null
            || run.PrecisionAt99 is not null || run.Accuracy is not null || run.Margin is not null;
        return isKnown ? run : null;
    }

    private static HistoryPoint[] Points(object? history) =>
        LanguagePrimitives.GetEnumerable(history)?.Cast<object>().Select(point => ReadPoint(PSObject.AsPSObject(point))).OfType<HistoryPoint>().ToArray() ?? [];

    private static string? Text(PSObject[] parts, string name) => Find(parts, name)?.ToString() is { Length: > 0 } text ? text : null;

    private static T? Value<T>(PSObject[] parts, string name)
        where T : struct
    {
        var value = Find(parts, name);
        return value is not null and not "" && LanguagePrimitives.TryConvertTo<T>(value, out var result) ? result : null;
    }

    private static object? Find(PSObject[] parts, string name) =>
        parts.Select(part => part.Properties[name]?.Value).FirstOrDefault(value => value is not null);
}
