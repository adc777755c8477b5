using System.Numerics.Tensors;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// Self-normalisation (section 4.1): ℓ(z, y) = -log p_y + α log² Σ_j exp(z_j). Gradient: (1 + 2 α log Z) p - 1_y. Aligned (A.1).
/// </summary>
/// <param name="alpha">α, above 0. <see cref="ZLoss"/> may have 0, the cross-entropy.</param>
internal sealed class SelfNormalization(double alpha) : Loss
{
    public static LossInfo Info { get; } = new(
        "SelfNorm", "self-norm", "-log p_y + Alpha * log(sum_j exp z_j)^2", "Section 4.1; Devlin et al. 2014", Aligned: true, new[] { "Alpha" });

    /// <summary>
    /// With log Z off by d, -log p_y is off by d and α log² Z falls by at most 2 α |log Z| d; and -log p_y ≥ 0, so that the mean of |log Z| is at
    /// most √(L/α).
    /// </summary>
    /// <inheritdoc/>
    internal override double? Shortfall(double exact, LossRounding rounding) =>
        rounding.LogNormalizer * (1 + (2 * Math.Sqrt(alpha * exact)));

    protected override double EvaluateRows(RowBatch batch, long step)
    {
        var share = 1.0 / batch.Count;
        return batch.Mean((_, z, y, gradient) =>
        {
            var softmax = RowSoftmax.Exponentiate(z, gradient);
            var logZ = softmax.LogNormalizer;

            // Finite in float32 too, since probabilities of 0 are to stay 0.
            var factor = Math.Clamp((1 + (2 * alpha * logZ)) * share / softmax.Sum, -float.MaxValue, float.MaxValue);
            TensorPrimitives.Multiply(gradient, (float)factor, gradient);
            gradient[y] -= (float)share;
            return softmax.CrossEntropy(z[y]) + (alpha * logZ * logZ);
        });
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var m = logits.shape[0];
        var softmax = new BatchSoftmax(logits, labels);
        var logZ = softmax.LogNormalizer;
        var value = softmax.CrossEntropy.AddInPlace(logZ * logZ, alpha).mean();
        var largest = logits.dtype == torch.ScalarType.Float64 ? double.MaxValue : float.MaxValue;
        var factor = logZ.MultiplyInPlace(2 * alpha).AddInPlace(1).DivideInPlace(m).ClampInPlace(-largest, largest);
        var gradient = softmax.Probabilities.mul_(factor.to(logits.dtype));
        softmax.SubtractAtTrue(gradient, 1.0 / m);
        return new(value, gradient);
    }
}
