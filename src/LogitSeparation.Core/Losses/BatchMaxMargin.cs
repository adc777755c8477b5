using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The batch max-margin loss (Definition 5.2): 1/m max(0, γ - z₊ + z₋) + 1/m Σ ℓ(z(x), y), where z₊ is the smallest true and
/// z₋ the largest false logit of the batch, and ℓ is Eq. 2. Aligned (A.4).
/// </summary>
/// <param name="gamma">γ, above 0.</param>
internal sealed class BatchMaxMargin(double gamma) : Loss
{
    public static LossInfo Info { get; } = new(
        "BatchMaxMargin", "batch max-margin", "1/m max(0, Gamma - z_+ + z_-) + 1/m sum_i MaxMargin_i,  z_+ = min true, z_- = max false logit",
        "Definition 5.2", Aligned: true, new[] { "Gamma" });

    public override LossValue Evaluate(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var m = logits.shape[0];
        var margins = new BatchMargins(logits, labels);
        var violation = margins.Violation(gamma).relu_();
        var (lowestTrue, lowestRow) = margins.TrueLogit.min(0, keepdim: true);
        var (highestFalse, highestRow) = margins.FalseLogit.max(0, keepdim: true);
        var batchViolation = (highestFalse.to(torch.float64) - lowestTrue).AddInPlace(gamma).relu_();

        var slope = violation.sign().DivideInPlace(m);
        var batchSlope = batchViolation.sign().DivideInPlace(m);
        var trueSlope = slope.neg().scatter_add_(0, lowestRow, batchSlope.neg());
        var falseSlope = slope.scatter_add_(0, highestRow, batchSlope);
        var value = violation.mean().AddInPlace(batchViolation.DivideInPlace(m).squeeze());
        return new(value, margins.Gradient(trueSlope, falseSlope));
    }
}
