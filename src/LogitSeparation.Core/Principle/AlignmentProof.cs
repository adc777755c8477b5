namespace LogitSeparation.Core.Principle;

/// <summary>What an analysis found out about a loss.</summary>
internal sealed record AlignmentProof
{
    /// <summary>The infimum of the loss over all logits, for the labels of the configuration.</summary>
    public required Enclosure Infimum { get; init; }

    /// <summary>
    /// The infimum over all logits that violate the principle, minus <see cref="Infimum"/>; null where the loss is not aligned.
    /// </summary>
    public Enclosure? Excess { get; init; }

    /// <summary>The smallest such excess over all labels; null for the same.</summary>
    public Enclosure? LeastExcess { get; init; }

    /// <summary>
    /// The infimum of an example of each class, where they differ: that of a batch is their mean over its labels. Null where all are alike.
    /// </summary>
    public IReadOnlyList<Enclosure>? ClassInfimum { get; init; }

    /// <summary>The loss of the configuration minus the infimum.</summary>
    public double? AttainedExcess { get; init; }

    /// <summary>How it was had.</summary>
    public AlignmentEvidence Evidence { get; init; } = AlignmentEvidence.ClosedForm;

    /// <summary>Violating logits: for an aligned loss those that come down to the critical value, else a counterexample.</summary>
    public ViolatingLogits? Configuration { get; init; }

    /// <summary>What should be known besides.</summary>
    public string? Note { get; init; }

    /// <summary>The step of the training whose draws a counterexample of a loss that samples is for.</summary>
    public long Step { get; init; }
}
