using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Reports;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation.Statistics;

public sealed class RunSettingTests
{
    private static readonly ComparisonOptions Auprc = new() { Metric = ["Auprc"] };

    [Fact]
    public void A_setting_is_what_was_chosen_of_the_training_and_of_the_loss_itself()
    {
        var setting = RunSetting.Of(new TrainingOptions { BatchSize = 32, Network = "Mlp", Seed = 3, StepCount = 7 }, "BatchMaxMargin", new LossOptions { Gamma = 10, Alpha = 9 });

        // Alpha is another loss's.
        Assert.Equal("BatchSize 32, Network Mlp, Gamma 10", string.Join(", ", setting.Text.Split(", ").OrderBy(part => part.StartsWith("Gamma", StringComparison.Ordinal)).ThenBy(part => part)));
        Assert.Equal(setting, RunSetting.Of(new TrainingOptions { BatchSize = 32, Network = "Mlp", Seed = 4, StepCount = 7, LearningRate = [1] }, "BatchMaxMargin", new LossOptions { Gamma = 10 }));
        Assert.NotEqual(setting, RunSetting.Of(new TrainingOptions { BatchSize = 32, Network = "Mlp", StepCount = 8 }, "BatchMaxMargin", new LossOptions { Gamma = 10 }));
        Assert.NotEqual(setting, RunSetting.Of(new TrainingOptions { BatchSize = 32, Network = "Mlp", StepCount = 7 }, "BatchMaxMargin", new LossOptions()));
    }

    [Fact]
    public void Runs_of_different_parameters_are_no_runs_of_one_experiment()
    {
        SlcMetrics[] metrics =
        [
            Run("BatchCE", 0, 0.9, 128), Run("BatchCE", 1, 0.8, 128), Run("BatchCE", 0, 0.6, 32), Run("BatchCE", 1, 0.7, 32),
        ];

        var summaries = MetricsSummary.Of(metrics);

        Assert.Equal([(null, 2), ("BatchSize 32", 2)], summaries.Select(summary => (summary.Setting, summary.RunCount)));
        Assert.Equal([0.85, 0.65], summaries.Select(summary => Math.Round(summary.Auprc!.Value, 12)));

        // Where all have the same there is nothing to tell apart.
        Assert.Null(Assert.Single(MetricsSummary.Of(metrics[2..])).Setting);
        Assert.Equal(["10 steps", "20 steps"], MetricsSummary.Of([Run("CE", 0, 0.9, 32, steps: 10), Run("CE", 1, 0.9, 32, steps: 20)]).Select(summary => summary.Setting));
    }

    [Fact]
    public void Losses_are_compared_with_the_reference_that_was_trained_alike()
    {
        SlcMetrics[] metrics =
        [
            Run("CE", 0, 0.9, 128), Run("CE", 0, 0.8, 32), Run("BatchCE", 0, 0.95, 128), Run("BatchCE", 0, 0.9, 32),
            Run("BatchMaxMargin", 0, 0.9, 32, gamma: 10),
        ];

        var comparisons = LossComparer.Compare(metrics, Auprc);

        Assert.Equal(
            [("BatchCE", null, 0.9), ("BatchCE", "BatchSize 32", 0.8), ("BatchMaxMargin", "BatchSize 32", 0.8)],
            comparisons.Select(item => (item.Loss!, item.Setting, Math.Round(item.ReferenceValue, 12))));
        Assert.Equal("CE (BatchSize 32)", comparisons[1].Reference);
        Assert.StartsWith("BatchCE (BatchSize 32) has 50% less 1-AUPRC than CE (BatchSize 32)", comparisons[1].Verdict, StringComparison.Ordinal);

        var error = Assert.Throws<SlcException>(() => LossComparer.Compare([.. metrics, Run("NCE", 0, 0.9, 64)], Auprc));
        Assert.Equal("ReferenceAmbiguous", error.ErrorId);
        Assert.Contains("CE or CE (BatchSize 32)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_is_compared_with_itself_in_another_setting()
    {
        var comparison = Assert.Single(LossComparer.Compare(
            [Run("BatchMaxMargin", 0, 0.9, 128, gamma: 10), Run("BatchMaxMargin", 0, 0.8, 128)], Auprc with { Reference = "BatchMaxMargin" }));

        Assert.Equal(("Gamma 10", 0.9, 0.8), (comparison.Setting, comparison.Value, comparison.ReferenceValue));
        Assert.Equal("BatchMaxMargin", comparison.Reference);
    }

    [Fact]
    public void Figures_tell_settings_apart()
    {
        RunResult[] runs = [.. new[] { 128, 32 }.SelectMany(size => new[] { 0, 1 }.Select(seed => RunResults.Add(new RunResult(), Run("CE", seed, 0.9, size))))];

        Assert.Equal(["CE", "CE, BatchSize 32"], ComparisonFigure.Create(runs).Panel[0].Y.Category.Reverse());
    }

    private static SlcMetrics Run(string loss, int seed, double auprc, int batchSize, double gamma = 1, int steps = 100) => Runs.Of(loss, seed, auprc) with
    {
        Setting = RunSetting.Of(new TrainingOptions { BatchSize = batchSize, StepCount = steps, Network = "Mlp" }, loss, new LossOptions { Gamma = gamma }),
    };
}
