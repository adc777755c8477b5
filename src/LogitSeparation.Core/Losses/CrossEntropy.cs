using System.Numerics.Tensors;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The cross-entropy (Eq. 1): ℓ(z, y) = -log p_y with p the softmax of z. Gradient: p - 1_y. Not aligned with the principle
/// (section 3).
/// </summary>
internal sealed class CrossEntropy : Loss
{
    public static LossInfo Info { get; } = new(
        "CE", "cross-entropy", "-log p_y,  p = softmax(z)", "Eq. 1; Hinton 1989", Aligned: false, []);

    /// <inheritdoc/>
    internal override BlockedLoss? InBlocks => new BlockedCrossEntropy();

    protected override double EvaluateRows(RowBatch batch, long step)
    {
        var share = 1.0 / batch.Count;
        return batch.Mean((_, z, y, gradient) =>
        {
            var softmax = RowSoftmax.Exponentiate(z, gradient);
            TensorPrimitives.Multiply(gradient, (float)(share / softmax.Sum), gradient);
            gradient[y] -= (float)share;
            return softmax.CrossEntropy(z[y]);
        });
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var softmax = new BatchSoftmax(logits, labels);
        var gradient = softmax.Probabilities.MultiplyInPlace(1.0 / logits.shape[0]);
        softmax.SubtractAtTrue(gradient, 1.0 / logits.shape[0]);
        return new(softmax.CrossEntropy.mean(), gradient);
    }
}
