using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Principle;

/// <summary>
/// Whether a small enough value of a loss guarantees the Principle of Logit Separation (Definition 2.1), and how small that is. Values are
/// those that <c>Measure-SlcLoss</c> gives: means over the batch, of logits of any finite size.
/// </summary>
public sealed record LossAlignment
{
    /// <summary>The loss.</summary>
    public required string Loss { get; init; }

    /// <summary>The hyperparameters.</summary>
    public required LossOptions Options { get; init; }

    /// <summary>The number of examples of a batch, m.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The number of classes, k.</summary>
    public required int ClassCount { get; init; }

    /// <summary>
    /// The number of examples that the principle is asked of, n: where it is above m, the loss is its expectation over batches of m of
    /// them.
    /// </summary>
    public required int ExampleCount { get; init; }

    /// <summary>
    /// Whether a small enough value guarantees the principle, for these parameters. Null where a search could not tell, which only
    /// happens with numerical evidence; <see cref="Note"/> then says why.
    /// </summary>
    public required bool? Aligned { get; init; }

    /// <summary>How that was found out.</summary>
    public required AlignmentEvidence Evidence { get; init; }

    /// <summary>
    /// The infimum of the loss over all logits, for the labels of <see cref="Configuration"/>; with numerical evidence the smallest
    /// value found.
    /// </summary>
    public required double Infimum { get; init; }

    /// <summary>
    /// The largest value such that any logits with a smaller loss satisfy the principle: the infimum over those that violate it, for the
    /// labels asked for, or else for the labels of which it is smallest. With certified evidence the proved lower bound stands for
    /// it, with numerical evidence the smallest value found. Null where the loss is not aligned.
    /// </summary>
    public required double? CriticalValue { get; init; }

    /// <summary><see cref="CriticalValue"/> minus <see cref="Infimum"/>, not by subtraction; null where the loss is not aligned.</summary>
    public required double? CriticalExcess { get; init; }

    /// <summary>
    /// The smallest such excess over all labels, each with its own infimum: what to compare with where labels vary. Null where the loss is
    /// not aligned or nothing is proved.
    /// </summary>
    public required double? LeastExcess { get; init; }

    /// <summary>
    /// A number that no violating logits have a loss below, rounding included; null where the loss is not aligned or nothing is proved.
    /// </summary>
    public required double? CertifiedLowerBound { get; init; }

    /// <summary>The loss of <see cref="Configuration"/>.</summary>
    public required double? Attained { get; init; }

    /// <summary>
    /// The excess of <see cref="Attained"/> over the infimum, divided by that of <see cref="CertifiedLowerBound"/>: 1 where the bound is
    /// tight. Null where there is no bound.
    /// </summary>
    public required double? Ratio { get; init; }

    /// <summary>
    /// Violating logits: where the loss is aligned those that come down to the critical value, else a counterexample. Null where none
    /// was found.
    /// </summary>
    public required ViolatingLogits? Configuration { get; init; }

    /// <summary>What the search found; null where none was asked for.</summary>
    public AlignmentSearch? Search { get; init; }

    /// <summary>What should be known besides; null where there is nothing.</summary>
    public string? Note { get; init; }
}
