using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>What a loss says of a batch.</summary>
/// <param name="Value">The loss: float64, no dimension.</param>
/// <param name="Gradient">Its derivative with respect to each logit: m x k, of the logits' type.</param>
internal readonly record struct LossValue(torch.Tensor Value, torch.Tensor Gradient)
{
    /// <summary>Its derivative with respect to its own parameters, one after the other in one dimension; null where it has none.</summary>
    public torch.Tensor? Own { get; init; }
}
