using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Reports;

/// <summary>How measures are shown: as in the paper's tables, one minus each, so that 0 is perfect.</summary>
internal static class ReportMeasures
{
    /// <summary>The columns of the paper's Table 1.</summary>
    public static IReadOnlyList<ReportMeasure> Table { get; } =
        [ReportMeasure.Auprc, ReportMeasure.PrecisionAt90, ReportMeasure.PrecisionAt99, ReportMeasure.Accuracy];

    /// <summary>The measure's name as it is shown.</summary>
    public static string Label(ReportMeasure measure) => measure switch
    {
        ReportMeasure.Auprc => "1-AUPRC",
        ReportMeasure.PrecisionAt90 => "1-Precision@0.9",
        ReportMeasure.PrecisionAt99 => "1-Precision@0.99",
        ReportMeasure.Accuracy => "1-Acc.",
        _ => "Margin",
    };

    /// <summary>The value as it is shown; null where it is not known.</summary>
    public static double? Shown(RunResult run, ReportMeasure measure) =>
        measure == ReportMeasure.Margin ? run.Margin : 1 - run[measure];

    /// <summary>The bootstrap interval of a run's value as it is shown; null where there is none.</summary>
    public static ConfidenceInterval? ShownInterval(RunResult run, ReportMeasure measure) =>
        run.Interval?.TryGetValue(measure.ToString(), out var interval) == true ? interval with { Lower = 1 - interval.Upper, Upper = 1 - interval.Lower } : null;

    /// <summary>
    /// The value of runs that differ by their seed alone: their mean with its t-interval, and of a single run the value with its bootstrap
    /// interval, where it has one. Null where no run has the measure.
    /// </summary>
    public static SampleSummary? Summarize(IReadOnlyList<RunResult> runs, ReportMeasure measure)
    {
        var values = runs.Select(run => Shown(run, measure)).OfType<double>().Where(double.IsFinite).ToArray();
        if (values.Length == 0)
            return null;
        var summary = SampleSummary.Of(values);
        return runs.Count == 1 ? summary with { Interval = ShownInterval(runs[0], measure) } : summary;
    }
}
