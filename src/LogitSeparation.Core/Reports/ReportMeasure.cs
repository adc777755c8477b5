namespace LogitSeparation.Core.Reports;

/// <summary>A measure that runs are compared by.</summary>
public enum ReportMeasure
{
    /// <summary>Mean average precision; shown as 1-AUPRC.</summary>
    Auprc,

    /// <summary>Precision at recall 0.9; shown as 1-Precision@0.9.</summary>
    PrecisionAt90,

    /// <summary>Precision at recall 0.99; shown as 1-Precision@0.99.</summary>
    PrecisionAt99,

    /// <summary>Accuracy; shown as 1-Acc.</summary>
    Accuracy,

    /// <summary>The separation margin; shown as it is.</summary>
    Margin,
}
