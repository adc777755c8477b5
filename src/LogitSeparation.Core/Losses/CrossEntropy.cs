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

    public override LossValue Evaluate(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var softmax = new BatchSoftmax(logits, labels);
        var gradient = softmax.Probabilities.MultiplyInPlace(1.0 / logits.shape[0]);
        softmax.SubtractAtTrue(gradient, 1.0 / logits.shape[0]);
        return new(softmax.CrossEntropy.mean(), gradient);
    }
}
