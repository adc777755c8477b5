using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The multiclass max-margin loss (Eq. 2): ℓ(z, y) = max(0, γ - z_y + max_{j≠y} z_j). Where the margin is met exactly the
/// gradient is 0; of equal largest false logits one carries it. With one class there is no false logit and the loss is 0.
/// Not aligned with the principle (section 3).
/// </summary>
/// <param name="gamma">γ, above 0.</param>
internal sealed class MaxMargin(double gamma) : Loss
{
    public static LossInfo Info { get; } = new(
        "MaxMargin", "max-margin", "max(0, Gamma - z_y + max_{j!=y} z_j)", "Eq. 2; Crammer and Singer 2001", Aligned: false, new[] { "Gamma" });

    /// <inheritdoc/>
    internal override BlockedLoss? InBlocks => new BlockedMaxMargin(gamma, hasBatchTerm: false);

    protected override double EvaluateRows(RowBatch batch, long step)
    {
        var share = 1f / batch.Count;
        return batch.Mean((_, z, y, gradient) =>
        {
            gradient.Clear();
            var margin = RowMargin.Find(z, y);
            var violation = Math.Max(0, gamma + ((double)margin.FalseLogit - z[y]));
            if (violation > 0)
                (gradient[y], gradient[margin.FalseIndex]) = (-share, share);
            return violation;
        });
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var margins = new BatchMargins(logits, labels);
        var violation = margins.Violation(gamma).relu_();
        var slope = violation.sign().DivideInPlace(logits.shape[0]);
        return new(violation.mean(), margins.Gradient(slope.neg(), slope));
    }
}
