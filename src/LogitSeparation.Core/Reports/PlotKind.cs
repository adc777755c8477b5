namespace LogitSeparation.Core.Reports;

/// <summary>What a figure is about.</summary>
public enum PlotKind
{
    /// <summary>True against false logits, with the threshold that separates them: the paper's Figure 1 from real data.</summary>
    Logits,

    /// <summary>Precision against recall.</summary>
    PrecisionRecall,

    /// <summary>Loss and validation accuracy against steps.</summary>
    Training,

    /// <summary>The separation margin: during training, and of each model.</summary>
    Margin,

    /// <summary>A measure against the learning rate.</summary>
    LearningRate,

    /// <summary>The paper's Table 1 as bars, with intervals where there are several runs of a loss.</summary>
    Comparison,

    /// <summary>What answers cost against the number of classes.</summary>
    Latency,
}
