using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The binary cross-entropy of the k questions "is it class j?" (section 4.3): ℓ(z, y) = -log σ(z_y) - Σ_{j≠y} log(1 - σ(z_j)).
/// Both terms are negative logarithms; the paper prints the second with the wrong sign. Gradient: σ(z) - 1_y. Aligned (A.3).
/// </summary>
/// <param name="headBias">What the biases of the head start from.</param>
internal sealed class BinaryCrossEntropy(double headBias = 0) : Loss
{
    public static LossInfo Info { get; } = new(
        "BinaryCE", "binary CE", "-log s(z_y) - sum_{j!=y} log(1 - s(z_j)),  s = logistic function",
        "Section 4.3; Huang et al. 2013", Aligned: true, new[] { "NegativeCount" });

    /// <inheritdoc/>
    internal override double InitialHeadBias => headBias;

    /// <summary>All terms are positive, and each is off by a share of it.</summary>
    /// <inheritdoc/>
    internal override double? Shortfall(double exact, LossRounding rounding) => rounding.SoftplusSum * exact;

    protected override double EvaluateRows(RowBatch batch, long step) => batch.Mean((_, z, y, gradient) =>
    {
        z.CopyTo(gradient);
        gradient[y] = -gradient[y];
        var value = RowLogistic.Replace(gradient, 1f / batch.Count);
        gradient[y] = -gradient[y];
        return value;
    });

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var m = logits.shape[0];
        var index = labels.unsqueeze(1);

        // With the sign of the true logit turned, every term is the same softplus, and nothing large cancels.
        var turned = logits.scatter(1, index, logits.gather(1, index).neg_());
        var value = Softplus.RowSum(turned).mean();
        var gradient = turned.sigmoid_().DivideInPlace(m);
        gradient.scatter_(1, index, gradient.gather(1, index).neg_());
        return new(value, gradient);
    }
}
