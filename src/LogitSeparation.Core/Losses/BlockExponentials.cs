using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>The exponentials of a block of logits relative to the largest of each row, so that none overflows.</summary>
/// <param name="Values">exp(z_ij - M_i): m x (the block's classes), of the logits' type.</param>
/// <param name="Largest">M_i: m x 1, float64.</param>
/// <param name="Sum">Σ_j exp(z_ij - M_i): m x 1, float64, at least 1.</param>
internal readonly record struct BlockExponentials(torch.Tensor Values, torch.Tensor Largest, torch.Tensor Sum)
{
    /// <summary>Computes them: float32 on the CPU by rows, with sums in float64.</summary>
    /// <param name="logits">m x (the block's classes).</param>
    /// <param name="labels">m classes.</param>
    public static BlockExponentials Of(torch.Tensor logits, torch.Tensor labels)
    {
        if (RowBatch.Accepts(logits))
            return OfRows(new(logits, labels));
        var largest = logits.amax([1], keepdim: true);
        var values = (logits - largest).exp_();
        return new(values, largest.to(torch.float64), values.sum(1, keepdim: true).to(torch.float64));
    }

    private static BlockExponentials OfRows(RowBatch batch)
    {
        var largest = new double[batch.Count];
        var sums = batch.Evaluate((row, z, _, exponentials) =>
        {
            var softmax = RowSoftmax.Exponentiate(z, exponentials);
            largest[row] = softmax.Largest;
            return softmax.Sum;
        });
        return new(batch.Gradient, torch.tensor(largest, [batch.Count, 1]), torch.tensor(sums, [batch.Count, 1]));
    }
}
