using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The multiclass and the batch max-margin loss (<see cref="MaxMargin"/>, <see cref="BatchMaxMargin"/>) in one pass over blocks of
/// classes: all that is kept of a block is each example's largest false logit so far, and the gradients are those of two logits an example.
/// </summary>
/// <param name="gamma">γ.</param>
/// <param name="hasBatchTerm">Whether the smallest true and the largest false logit of the batch are to be apart too.</param>
internal sealed class BlockedMaxMargin(double gamma, bool hasBatchTerm) : BlockedLoss
{
    /// <inheritdoc/>
    public override torch.Tensor Evaluate(ClassBlocks blocks)
    {
        var (trueLogits, falseLogits, falseIndex) = Find(blocks);
        var (m, type) = (trueLogits.shape[0], trueLogits.dtype);
        var violation = (falseLogits.to(torch.float64) - trueLogits).AddInPlace(gamma).relu_();
        var falseSlope = violation.sign().DivideInPlace(m);
        var trueSlope = falseSlope.neg();
        var value = violation.mean();
        if (hasBatchTerm)
        {
            var (lowestTrue, lowestRow) = trueLogits.min(0, keepdim: true);
            var (highestFalse, highestRow) = falseLogits.max(0, keepdim: true);
            var batchViolation = (highestFalse.to(torch.float64) - lowestTrue).AddInPlace(gamma).relu_();
            var slope = batchViolation.sign().DivideInPlace(m);
            falseSlope.scatter_add_(0, highestRow, slope);
            trueSlope.scatter_add_(0, lowestRow, slope.neg());
            value.AddInPlace(batchViolation.DivideInPlace(m).squeeze());
        }

        blocks.Fade();
        blocks.AddAt(blocks.Labels, trueSlope.to(type));
        blocks.AddAt(falseIndex.squeeze(1), falseSlope.to(type));
        return value;
    }

    // The true logit of each example, its largest false one and where that stands: m x 1.
    private static (torch.Tensor TrueLogits, torch.Tensor FalseLogits, torch.Tensor FalseIndex) Find(ClassBlocks blocks)
    {
        var like = blocks.FeatureGradient;
        var trueLogits = torch.zeros([like.shape[0], 1], like.dtype, like.device);
        var falseLogits = TensorArithmetic.Filled([like.shape[0], 1], double.NegativeInfinity, like.dtype, like.device);
        var falseIndex = torch.zeros([like.shape[0], 1], torch.int64, like.device);
        for (var block = 0; block < blocks.Count; block++)
        {
            using var scope = torch.NewDisposeScope();
            var logits = blocks.Logits(block);
            var (index, isHere) = TakeTrue(blocks, block, logits, trueLogits);
            var (found, at) = RowBatch.Accepts(logits) ? FindByRows(logits, index, isHere) : FindInTable(logits, index, isHere);

            // A NaN is the largest of all: the loss becomes NaN, and the training notices.
            var isLarger = found.gt(falseLogits).logical_or_(found.isnan());
            falseLogits.copy_(torch.where(isLarger, found, falseLogits));
            falseIndex.copy_(torch.where(isLarger, at.Shifted(blocks.First(block)), falseIndex));
        }

        return (trueLogits, falseLogits, falseIndex);
    }

    private static (torch.Tensor Logit, torch.Tensor Index) FindByRows(torch.Tensor logits, torch.Tensor index, torch.Tensor isHere)
    {
        var nowhere = TensorArithmetic.Filled(index.shape, -1, torch.int64, index.device);
        var batch = new RowBatch(logits, torch.where(isHere, index, nowhere).squeeze(1));
        var found = new float[batch.Count];
        var at = batch.Evaluate((row, z, y, _) =>
        {
            var margin = y < 0 ? RowMargin.Largest(z) : RowMargin.Find(z, y);
            found[row] = margin.FalseLogit;
            return margin.FalseIndex;
        });
        return (torch.tensor(found, [batch.Count, 1]), torch.tensor(Array.ConvertAll(at, place => (long)place), [batch.Count, 1]));
    }

    private static (torch.Tensor Logit, torch.Tensor Index) FindInTable(torch.Tensor logits, torch.Tensor index, torch.Tensor isHere)
    {
        var nothing = TensorArithmetic.Filled(index.shape, double.NegativeInfinity, logits.dtype, logits.device);
        return logits.scatter_(1, index, torch.where(isHere, nothing, logits.gather(1, index))).max(1, keepdim: true);
    }
}
