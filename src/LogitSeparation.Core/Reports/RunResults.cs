using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Reports;

/// <summary>Makes results of models, logits and measures.</summary>
public static class RunResults
{
    /// <summary>Of logits, before anything is measured.</summary>
    /// <param name="logits">The logits.</param>
    public static RunResult Describe(Logits logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return new RunResult { Dataset = logits.Dataset, Split = logits.Split, Loss = logits.Loss, Seed = logits.Seed, LearningRate = logits.LearningRate, Setting = logits.Setting, Source = logits.Source };
    }

    /// <summary>Of a model, before anything is measured.</summary>
    /// <param name="model">The model.</param>
    public static RunResult Describe(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new RunResult
        {
            Dataset = model.Dataset,
            Loss = model.Loss,
            LearningRate = model.LearningRate,
            Seed = model.Training.Seed,
            Step = model.Step,
            Setting = model.Setting,
            History = model.History,
            Origin = RunOrigin.Of(model),
        };
    }

    /// <summary>Adds measures to what is known of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="metrics">What was measured of it.</param>
    public static RunResult Add(RunResult run, SlcMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(metrics);
        return run with
        {
            Dataset = metrics.Dataset ?? run.Dataset,
            Split = metrics.Split ?? run.Split,
            Loss = metrics.Loss ?? run.Loss,
            Seed = metrics.Seed ?? run.Seed,
            LearningRate = metrics.LearningRate ?? run.LearningRate,
            Setting = metrics.Setting ?? run.Setting,
            Source = metrics.Source ?? run.Source,
            Metrics = metrics,
            Score = metrics.Score,
            Auprc = metrics.Auprc,
            PrecisionAt90 = metrics.PrecisionAt90,
            PrecisionAt99 = metrics.PrecisionAt99,
            Accuracy = metrics.Accuracy,
            Interval = metrics.Interval,
        };
    }

    /// <summary>Adds the separation to what is known of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="report">What was measured of it.</param>
    public static RunResult Add(RunResult run, SeparationReport report)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(report);
        return run with
        {
            Dataset = report.Dataset ?? run.Dataset,
            Split = report.Split ?? run.Split,
            Loss = report.Loss ?? run.Loss,
            Seed = report.Seed ?? run.Seed,
            LearningRate = report.LearningRate ?? run.LearningRate,
            Setting = report.Setting ?? run.Setting,
            Source = report.Source ?? run.Source,
            Margin = report.Margin,
            ViolatingShare = report.ViolatingShare,
        };
    }

    /// <summary>Adds the separation to what is known of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="separation">What was kept of it; null where nothing was.</param>
    public static RunResult Add(RunResult run, SeparationSummary? separation)
    {
        ArgumentNullException.ThrowIfNull(run);
        return separation is null ? run : run with { Margin = separation.Margin, ViolatingShare = separation.ViolatingShare };
    }
}
