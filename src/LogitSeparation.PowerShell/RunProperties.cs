using System.Management.Automation;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Reports;

namespace LogitSeparation.PowerShell;

/// <summary>Reads a result off any object by the names of its properties.</summary>
internal static class RunProperties
{
    /// <summary>What the object says; null where it says nothing that could be shown.</summary>
    public static RunResult? Read(PSObject item)
    {
        var run = new RunResult
        {
            Dataset = Text(item, "Dataset"),
            Split = Value<Split>(item, "Split"),
            Loss = Text(item, "Loss"),
            Score = Value<MetricsScore>(item, "Score") ?? MetricsScore.SingleLogit,
            LearningRate = Value<double>(item, "LearningRate"),
            Seed = Value<int>(item, "Seed"),
            Step = Value<int>(item, "Step"),
            Auprc = Value<double>(item, "Auprc"),
            PrecisionAt90 = Value<double>(item, "PrecisionAt90"),
            PrecisionAt99 = Value<double>(item, "PrecisionAt99"),
            Accuracy = Value<double>(item, "Accuracy"),
            Margin = Value<double>(item, "Margin"),
            ViolatingShare = Value<double>(item, "ViolatingShare"),
            History = item.Properties["History"]?.Value as IReadOnlyList<HistoryPoint> ?? [],
        };
        var isKnown = run.History.Count > 0 || run.Auprc is not null || run.PrecisionAt90 is not null
            || run.PrecisionAt99 is not null || run.Accuracy is not null || run.Margin is not null;
        return isKnown ? run : null;
    }

    private static string? Text(PSObject item, string name) =>
        item.Properties[name]?.Value?.ToString() is { Length: > 0 } text ? text : null;

    private static T? Value<T>(PSObject item, string name)
        where T : struct
    {
        var value = item.Properties[name]?.Value;
        return value is not null and not "" && LanguagePrimitives.TryConvertTo<T>(value, out var result) ? result : null;
    }
}
