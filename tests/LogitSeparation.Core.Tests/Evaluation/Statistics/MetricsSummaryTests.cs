using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation.Statistics;

public sealed class MetricsSummaryTests
{
    [Fact]
    public void Runs_are_summarised_by_data_set_split_loss_and_score()
    {
        SlcMetrics[] metrics =
        [
            Runs.Of("CE", 1, 0.90), Runs.Of("BatchCE", 1, 0.95), Runs.Of("CE", 0, 0.80), Runs.Of("CE", 2, 0.85) with { LearningRate = 0.01 },
            Runs.Of("CE", 0, 0.99) with { Score = MetricsScore.AllLogits }, Runs.Of("CE", 0, 0.7) with { Dataset = "MNIST" },
        ];

        var summaries = MetricsSummary.Of(metrics);

        Assert.Equal([("Digits", "CE", 3), ("Digits", "BatchCE", 1), ("Digits", "CE", 1), ("MNIST", "CE", 1)],
            summaries.Select(summary => (summary.Dataset!, summary.Loss!, summary.RunCount)));
        Assert.Equal([0, 1, 2], summaries[0].Seed);
        Assert.Equal([0.01, 0.1], summaries[0].LearningRate);
        Assert.Equal(MetricsScore.AllLogits, summaries[2].Score);

        // 0.80, 0.85, 0.90: mean 0.85, deviation 0.05, and the half-width is t(0.975; 2) = 4.302653 times 0.05 / sqrt 3.
        var auprc = summaries[0].Statistic["Auprc"];
        Assert.Equal(0.85, summaries[0].Auprc!.Value, 1e-12);
        Assert.Equal(0.05, auprc.StandardDeviation!.Value, 1e-12);
        Assert.Equal(0.85 + 4.302653 * 0.05 / Math.Sqrt(3), auprc.Interval!.Upper, 1e-7);
        Assert.Equal(Metric.In(metrics[0]).Select(metric => metric.Name).Order(StringComparer.OrdinalIgnoreCase), summaries[0].Statistic.Keys);
    }

    [Fact]
    public void One_run_has_a_mean_and_no_spread()
    {
        var auprc = MetricsSummary.Of([Runs.Of("CE", null, 0.9)])[0].Statistic["auprc"];

        Assert.Equal((1, 0.9), (auprc.Count, auprc.Mean));
        Assert.Null(auprc.StandardDeviation);
        Assert.Null(auprc.Interval);
    }

    [Fact]
    public void The_same_seed_twice_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<SlcException>(() => MetricsSummary.Of([Runs.Of("CE", 3, 0.9), Runs.Of("CE", 3, 0.8) with { LearningRate = 0.01 }]));

        Assert.Equal("SeedRepeated", error.ErrorId);
        Assert.Contains("CE on Digits (Test) with seed 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("learning rates 0.1, 0.01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_with_other_classes_are_not_runs_of_one_experiment()
    {
        Assert.Equal("RunsDiffer", Assert.Throws<SlcException>(() => MetricsSummary.Of([Runs.Of("CE", 0, 0.9), Runs.Of("CE", 1, 0.8, 0.9)])).ErrorId);
    }

    [Theory]
    [InlineData(0.5, "PrecisionAt50")]
    [InlineData(0.9, "PrecisionAt90")]
    [InlineData(0.995, "PrecisionAt99.5")]
    [InlineData(1, "PrecisionAt100")]
    public void Precision_at_a_recall_is_named_by_percent(double recall, string name) => Assert.Equal(name, Metric.AtRecall(recall).Name);
}
