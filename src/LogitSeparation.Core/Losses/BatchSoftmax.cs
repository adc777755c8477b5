using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The softmax of each row and what the losses built on it need: computed together, since one pass over m x k logits costs
/// more than everything done with one number a row. Numbers per row are float64.
/// </summary>
internal readonly struct BatchSoftmax
{
    /// <summary>Computes the softmax of the rows of m x k logits.</summary>
    public BatchSoftmax(torch.Tensor logits, torch.Tensor labels)
    {
        Index = labels.unsqueeze(1);
        Probabilities = logits.softmax(1);
        LargestLogit = logits.amax([1], keepdim: true).to(torch.float64);
        TrueLogit = logits.gather(1, Index).to(torch.float64);

        // p_max is at least 1/k, so its logarithm is exact to a rounding whatever the size of the logits.
        LogLargest = Probabilities.amax([1], keepdim: true).to(torch.float64).log_();
    }

    /// <summary>The labels as a column: m x 1.</summary>
    public torch.Tensor Index { get; }

    /// <summary>p: m x k, of the logits' type. Losses overwrite it with their gradient.</summary>
    public torch.Tensor Probabilities { get; }

    /// <summary>max_j z_j: m x 1.</summary>
    public torch.Tensor LargestLogit { get; }

    /// <summary>z_y: m x 1.</summary>
    public torch.Tensor TrueLogit { get; }

    /// <summary>log max_j p_j: m x 1, between -log k and 0.</summary>
    public torch.Tensor LogLargest { get; }

    /// <summary>log Σ_j exp(z_j): m x 1.</summary>
    public torch.Tensor LogNormalizer => LargestLogit - LogLargest;

    /// <summary>The largest logit of the batch: 1 x 1.</summary>
    public torch.Tensor Largest => LargestLogit.amax([0], keepdim: true);

    /// <summary>-log p_y (Eq. 1): m x 1. The difference of the logits comes first, so that large logits cancel exactly.</summary>
    public torch.Tensor CrossEntropy => (LargestLogit - TrueLogit).sub_(LogLargest);

    /// <summary>Subtracts one number from the entry of each row's true class, in place.</summary>
    /// <param name="table">m x k.</param>
    /// <param name="value">The number.</param>
    public void SubtractAtTrue(torch.Tensor table, double value) =>
        table.scatter_add_(1, Index, TensorArithmetic.Filled(Index.shape, -value, table.dtype, table.device));
}
