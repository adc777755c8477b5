using System.Text.Json;

namespace LogitSeparation.Core.Tests;

/// <summary>Metrics of a case after scikit-learn. Lists have one entry for each class, null where it has no positives.</summary>
internal sealed record GoldenMetrics(
    double?[] Ap, double?[] Trapezoid, double?[] P90, double?[] P99,
    double MeanAp, double MeanTrapezoid, double MeanP90, double MeanP99, double Accuracy,
    double MinTrue, double MaxFalse, bool Holds, long ViolatingPairs, long Pairs)
{
    /// <summary>Reads the <c>metrics</c> object of a case.</summary>
    /// <param name="metrics">The object.</param>
    public static GoldenMetrics Read(JsonElement metrics)
    {
        var separation = metrics.GetProperty("separation");
        return new GoldenMetrics(
            PerClass("ap"), PerClass("trapezoid"), PerClass("p90"), PerClass("p99"),
            Mean("mean_ap"), Mean("mean_trapezoid"), Mean("mean_p90"), Mean("mean_p99"), Mean("accuracy"),
            separation.GetProperty("min_true").GetDouble(), separation.GetProperty("max_false").GetDouble(),
            separation.GetProperty("holds").GetBoolean(),
            separation.GetProperty("violating_pairs").GetInt64(), separation.GetProperty("pairs").GetInt64());

        double Mean(string name) => metrics.GetProperty(name).GetDouble();

        double?[] PerClass(string name) =>
            [.. metrics.GetProperty(name).EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Null ? (double?)null : item.GetDouble())];
    }
}
