namespace LogitSeparation.Core.Models;

/// <summary>By which measure on the validation split one of several learning rates is kept.</summary>
public enum SelectionMeasure
{
    /// <summary>The share of examples whose largest logit is the true one, as in the paper.</summary>
    Accuracy,

    /// <summary>Mean average precision of single logits.</summary>
    Auprc,
}
