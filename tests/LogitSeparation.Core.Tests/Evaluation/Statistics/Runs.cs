using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Tests.Evaluation.Statistics;

/// <summary>Results as if models had been measured, with the values that a test needs.</summary>
internal static class Runs
{
    /// <summary>A result whose classes have these average precisions, and the other measures from them.</summary>
    public static SlcMetrics Of(string loss, int? seed, params double[] auprc) => new()
    {
        Dataset = "Digits",
        Split = Split.Test,
        Loss = loss,
        Seed = seed,
        LearningRate = 0.1,
        Score = MetricsScore.SingleLogit,
        ExampleCount = 100,
        ClassCount = auprc.Length,
        Auprc = auprc.Average(),
        AuprcTrapezoid = auprc.Average(),
        PrecisionAt90 = auprc.Average() / 2,
        PrecisionAt99 = auprc.Average() / 4,
        Accuracy = auprc.Average() * auprc.Average(),
        PrecisionAtRecall = new SortedList<double, double> { [0.9] = auprc.Average() / 2, [0.99] = auprc.Average() / 4 },
        AbsentClasses = [],
        Class = [.. auprc.Select((value, j) => new ClassMetrics
        {
            Name = $"c{j}",
            Index = j,
            Positives = 10,
            Auprc = value,
            AuprcTrapezoid = value,
            PrecisionAt90 = value / 2,
            PrecisionAt99 = value / 4,
            PrecisionAtRecall = new SortedList<double, double?> { [0.9] = value / 2, [0.99] = value / 4 },
        })],
    };
}
