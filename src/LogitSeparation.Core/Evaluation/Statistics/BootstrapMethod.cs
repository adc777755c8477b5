namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>How an interval is read from bootstrap replicates (Efron and Tibshirani 1993, An Introduction to the Bootstrap).</summary>
public enum BootstrapMethod
{
    /// <summary>Bias-corrected percentiles (their section 14.3 with acceleration 0): shifted by how far the replicates' median is off.</summary>
    BiasCorrected,

    /// <summary>The percentiles of the replicates (their section 13.3).</summary>
    Percentile,
}
