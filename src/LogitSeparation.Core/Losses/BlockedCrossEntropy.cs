using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The cross-entropy (<see cref="CrossEntropy"/>) in two passes over blocks of classes: the first finds each example's normaliser, the
/// second computes the logits again for the gradients. Each example has a normaliser of its own, and sums over examples cannot be scaled
/// by m numbers afterwards, so there is no way to do it in one.
/// </summary>
internal sealed class BlockedCrossEntropy : BlockedLoss
{
    /// <inheritdoc/>
    public override torch.Tensor Evaluate(ClassBlocks blocks)
    {
        var (trueLogits, largest, sum) = Normalize(blocks);
        var (m, type) = (trueLogits.shape[0], trueLogits.dtype);
        for (var block = 0; block < blocks.Count; block++)
        {
            using var scope = torch.NewDisposeScope();
            var exponentials = BlockExponentials.Of(blocks.Logits(block), blocks.Labels);
            var share = (exponentials.Largest - largest).exp_().div_(sum).DivideInPlace(m);
            blocks.Gather(block, exponentials.Values, share.to(type));
        }

        blocks.AddAt(blocks.Labels, TensorArithmetic.Filled([m, 1], -1.0 / m, type, trueLogits.device));

        // The difference of the logits comes first, so that large logits cancel exactly.
        return (largest - trueLogits).AddInPlace(sum.log_()).mean();
    }

    // The true logits, and for each example the largest logit and the sum of the exponentials relative to it: m x 1.
    private static (torch.Tensor TrueLogits, torch.Tensor Largest, torch.Tensor Sum) Normalize(ClassBlocks blocks)
    {
        var like = blocks.FeatureGradient;
        var trueLogits = torch.zeros([like.shape[0], 1], like.dtype, like.device);
        var largest = TensorArithmetic.Filled([like.shape[0], 1], double.NegativeInfinity, torch.float64, like.device);
        var sum = torch.zeros_like(largest);
        for (var block = 0; block < blocks.Count; block++)
        {
            using var scope = torch.NewDisposeScope();
            var logits = blocks.Logits(block);
            TakeTrue(blocks, block, logits, trueLogits);
            var exponentials = BlockExponentials.Of(logits, blocks.Labels);
            var now = torch.maximum(largest, exponentials.Largest);
            sum.mul_((largest - now).exp_()).AddInPlace((exponentials.Largest - now).exp_().mul_(exponentials.Sum));
            largest.copy_(now);
        }

        return (trueLogits, largest, sum);
    }
}
