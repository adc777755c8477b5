namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>A test of whether paired differences are centred at 0, two-sided.</summary>
public enum TestKind
{
    /// <summary>Student's paired t-test: takes the differences for normal.</summary>
    PairedT,

    /// <summary>Wilcoxon's signed-rank test: takes the differences for symmetric only, and cannot be sure with few pairs.</summary>
    Wilcoxon,
}
