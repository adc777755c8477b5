namespace LogitSeparation.Core.Thresholds;

/// <summary>The measure that a threshold is chosen by.</summary>
public enum ThresholdMeasure
{
    /// <summary>The harmonic mean of precision and recall.</summary>
    F1,

    /// <summary>The share of the selected examples that are of the class.</summary>
    Precision,

    /// <summary>The share of the class's examples that are selected.</summary>
    Recall,

    /// <summary>What wrong answers cost: an example selected wrongly in units of one that was missed.</summary>
    Cost,
}
