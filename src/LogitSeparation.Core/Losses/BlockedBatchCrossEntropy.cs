using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The batch cross-entropy (<see cref="BatchCrossEntropy"/>) in one pass over blocks of classes. Its normaliser is one number for all
/// logits of the batch, so no logit is needed again once it is known: the gradients are gathered relative to the largest logit so far,
/// which only grows, and each block is scaled once, by exp(M_b - M) / Z.
/// </summary>
/// <param name="epsilon">ε.</param>
internal sealed class BlockedBatchCrossEntropy(double epsilon) : BlockedLoss
{
    /// <inheritdoc/>
    public override torch.Tensor Evaluate(ClassBlocks blocks)
    {
        var (trueLogits, largest, z) = GatherUnscaled(blocks);
        var logQ = (trueLogits.to(torch.float64) - largest[^1]).sub_(z.log());
        var m = logQ.shape[0];
        var (weight, meanWeight) = Weigh(logQ);
        var type = trueLogits.dtype;
        var scale = meanWeight / z;
        blocks.FeatureGradient.mul_(scale.to(type));
        for (var block = 0; block < blocks.Count; block++)
            blocks.Scale(block, (largest[block] - largest[^1]).exp_().mul_(scale).to(type));
        blocks.AddAt(blocks.Labels, weight.DividedBy(-m).to(type));
        var value = epsilon == 0 ? logQ.mean() : logQ.exp().AddInPlace(epsilon).log_().mean();
        return value.neg_().SubtractInPlace(Math.Log(m));
    }

    // The true logits, the largest logit up to each block (1 x 1), and Z relative to the last of those.
    private static (torch.Tensor TrueLogits, torch.Tensor[] Largest, torch.Tensor Z) GatherUnscaled(ClassBlocks blocks)
    {
        var like = blocks.FeatureGradient;
        var trueLogits = torch.zeros([like.shape[0], 1], like.dtype, like.device);
        var z = torch.zeros([1, 1], torch.float64, like.device);
        var largest = new torch.Tensor[blocks.Count];
        for (var block = 0; block < blocks.Count; block++)
        {
            using var scope = torch.NewDisposeScope();
            var logits = blocks.Logits(block);
            TakeTrue(blocks, block, logits, trueLogits);
            var exponentials = BlockExponentials.Of(logits, blocks.Labels);
            var blockLargest = exponentials.Largest.amax([0], keepdim: true);
            var before = block == 0 ? blockLargest : largest[block - 1];
            var now = torch.maximum(before, blockLargest);
            var factor = (exponentials.Largest - now).exp_();
            var shrinkage = (before - now).exp_();
            z.mul_(shrinkage).AddInPlace((factor * exponentials.Sum).sum());
            blocks.GatherUnscaled(block, exponentials.Values, factor.to(like.dtype), shrinkage.to(like.dtype));
            largest[block] = now.MoveToOuterDisposeScope();
        }

        return (trueLogits, largest, z);
    }

    // w_i of BatchCrossEntropy and their mean (1 x 1): 1 where ε is 0.
    private (torch.Tensor Weight, torch.Tensor Mean) Weigh(torch.Tensor logQ)
    {
        if (epsilon == 0)
            return (torch.ones_like(logQ), torch.ones([1, 1], logQ.dtype, logQ.device));
        var q = logQ.exp();
        var weight = q / q.Plus(epsilon);
        return (weight, weight.mean([0], keepdim: true));
    }
}
