using System.Text.Json.Nodes;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Sweeps;
using LogitSeparation.Core.Tests.Evaluation;
using LogitSeparation.Core.Tests.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Sweeps;

/// <summary>A trial's measures may be older than a measure: what was not measured is not 0.</summary>
public sealed class OlderMeasuresTests : IDisposable
{
    private static readonly string[] FromClasses =
    [
        "auprcWeighted", "auprcTrapezoid", "auprcTrapezoidWeighted", "precisionAt90Weighted", "precisionAt99Weighted",
        "bestF1", "bestF1Weighted", "balancedAccuracy", "top5Accuracy", "uniformAccuracy", "precisionAtRecallWeighted",
    ];

    private readonly TemporaryFolder _folder = new();

    private static LogitEvaluation Measured { get; } =
        LogitEvaluation.Measure(RandomTable.Create(new Random(5), 300, 7).ToSingle(), cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Writes measures as a trial does, without some properties, and reads them.</summary>
    private TrialMetrics Reread(string[] left, string[] leftOfClasses)
    {
        var path = _folder["metrics.json"];
        new TrialMetrics
        {
            Test = [Measured.Metrics],
            Validation = [],
            TestSeparation = SeparationSummary.Of(Measured.Separation),
            ThreadCount = 1,
            Device = "cpu",
            Seconds = 1,
            Version = "0",
        }.Write(path);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        var test = json["test"]![0]!.AsObject();
        Assert.All(left, name => Assert.True(test.Remove(name), name));
        foreach (var item in test["class"]!.AsArray())
            Assert.All(leftOfClasses, name => Assert.True(item!.AsObject().Remove(name), name));
        if (leftOfClasses.Length > 0)
            json.AsObject().Remove("testSeparation");
        File.WriteAllText(path, json.ToJsonString());
        return TrialMetrics.TryRead(path)!;
    }

    [Fact]
    public void What_classes_tell_is_averaged_again()
    {
        var read = Reread(FromClasses, []);

        Assert.All(Metric.In(Measured.Metrics), metric => Assert.Equal(metric.Of(Measured.Metrics)!.Value, metric.Of(read.Test[0])!.Value, 1e-14));
        Assert.Equal(SeparationSummary.Of(Measured.Separation), read.TestSeparation);
        Assert.Equal(Measured.Separation.ViolatingShare, read.TestSeparation!.ViolatingShare);
    }

    [Fact]
    public void What_was_never_measured_is_null_and_in_no_summary()
    {
        var read = Reread(FromClasses, ["accuracy", "top5Accuracy", "uniformAccuracy", "bestF1", "auprcTrapezoid"]);
        var metrics = read.Test[0];

        Assert.Equal((null, null, null), (metrics.BalancedAccuracy, metrics.Top5Accuracy, metrics.UniformAccuracy));
        Assert.Equal((null, null, null), (metrics.BestF1, metrics.BestF1Weighted, metrics.AuprcTrapezoidWeighted));
        Assert.NotNull(metrics.AuprcWeighted);
        Assert.Null(read.TestSeparation);
        var summary = Assert.Single(MetricsSummary.Of([metrics with { Loss = "CE", Seed = 0 }]));
        Assert.Equal(["Accuracy", "Auprc", "AuprcWeighted", "PrecisionAt90", "PrecisionAt90Weighted", "PrecisionAt99", "PrecisionAt99Weighted"], summary.Statistic.Keys);
        var error = Assert.Throws<SlcException>(() => LossComparer.Compare(
            [metrics with { Loss = "CE", Seed = 0 }, metrics with { Loss = "NCE", Seed = 0 }], new() { Metric = ["BalancedAccuracy"] }));
        Assert.Equal("UnknownMetric", error.ErrorId);
    }

    public void Dispose() => _folder.Dispose();
}
