using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// A loss of a batch whose logits are never held whole: it goes through them a block of classes at a time, and gathers the gradients of
/// the head and of the features on the way. It computes what the loss on the whole table does, but for the order of sums.
/// </summary>
internal abstract class BlockedLoss
{
    /// <summary>The number of logits of a block: so many that they stay in the cache of the CPU, or that they fill a GPU.</summary>
    private static long LogitsOf(DeviceType device) => device == DeviceType.CPU ? 1 << 18 : 1 << 24;

    /// <summary>The number of classes of a block.</summary>
    /// <param name="device">Where the logits are computed.</param>
    /// <param name="batchSize">m.</param>
    public static int BlockSize(DeviceType device, int batchSize) => (int)Math.Max(1, LogitsOf(device) / batchSize);

    /// <summary>Whether a batch has so many logits that blocks are worth while: more than 16 blocks (on the CPU 16 MiB of float32).</summary>
    /// <param name="device">Where the logits are computed.</param>
    /// <param name="batchSize">m.</param>
    /// <param name="classCount">k.</param>
    public static bool IsWorthwhile(DeviceType device, int batchSize, int classCount) =>
        classCount > 1 && (long)batchSize * classCount > 16 * LogitsOf(device);

    /// <summary>The value of the loss, while all gradients are gathered.</summary>
    /// <param name="blocks">The head, at the beginning of a step.</param>
    /// <returns>The mean over the batch: float64, no dimension.</returns>
    public abstract torch.Tensor Evaluate(ClassBlocks blocks);

    /// <summary>Of the m x 1 true logits those in a block are filled in; the index of each within the block, or 0 where it is elsewhere.</summary>
    /// <param name="blocks">The head.</param>
    /// <param name="block">The block.</param>
    /// <param name="logits">Its logits.</param>
    /// <param name="trueLogits">m x 1, of the logits' type.</param>
    /// <returns>m x 1 indices, and which of them are of true logits.</returns>
    protected static (torch.Tensor Index, torch.Tensor IsHere) TakeTrue(ClassBlocks blocks, int block, torch.Tensor logits, torch.Tensor trueLogits)
    {
        var zero = torch.zeros(trueLogits.shape, torch.int64, logits.device);
        var index = blocks.Labels.unsqueeze(1).Shifted(-blocks.First(block));
        var isHere = index.ge(zero).logical_and_(index.lt(zero.Shifted(logits.shape[1])));
        var nearest = torch.where(isHere, index, zero);
        trueLogits.copy_(torch.where(isHere, logits.gather(1, nearest), trueLogits));
        return (nearest, isHere);
    }
}
