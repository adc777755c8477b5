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
}
