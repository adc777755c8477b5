using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>The true logit and the largest false logit of each row, which the max-margin losses are made of.</summary>
internal readonly struct BatchMargins
{
    /// <summary>Finds the margins of m x k logits.</summary>
    public BatchMargins(torch.Tensor logits, torch.Tensor labels)
    {
        TrueIndex = labels.unsqueeze(1);
        TrueLogit = logits.gather(1, TrueIndex);
        Table = logits.scatter(1, TrueIndex, TensorArithmetic.Filled(TrueIndex.shape, double.NegativeInfinity, logits.dtype, logits.device));
        (FalseLogit, FalseIndex) = Table.max(1, keepdim: true);
    }

    /// <summary>y: m x 1.</summary>
    public torch.Tensor TrueIndex { get; }

    /// <summary>z_y: m x 1, of the logits' type.</summary>
    public torch.Tensor TrueLogit { get; }

    /// <summary>max_{j≠y} z_j: m x 1; negative infinity where there is one class only.</summary>
    public torch.Tensor FalseLogit { get; }

    /// <summary>Where it stands: m x 1.</summary>
    public torch.Tensor FalseIndex { get; }

    private torch.Tensor Table { get; }

    /// <summary>γ - z_y + max_{j≠y} z_j in float64: m x 1.</summary>
    /// <param name="gamma">γ.</param>
    public torch.Tensor Violation(double gamma) => (FalseLogit.to(torch.float64) - TrueLogit).AddInPlace(gamma);

    /// <summary>The table that is zero but for the true and the largest false logit of each row. Ends the use of this value.</summary>
    /// <param name="trueSlope">The derivative by each row's true logit, m x 1.</param>
    /// <param name="falseSlope">The derivative by each row's largest false logit, m x 1.</param>
    public torch.Tensor Gradient(torch.Tensor trueSlope, torch.Tensor falseSlope) => Table.zero_()
        .scatter_(1, FalseIndex, falseSlope.to(Table.dtype))
        .scatter_(1, TrueIndex, trueSlope.to(Table.dtype));
}
