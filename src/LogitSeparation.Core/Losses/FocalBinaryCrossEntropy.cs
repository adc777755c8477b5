using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The focal loss of the k questions "is it class j?" (Lin et al. 2017, Eq. 4, without its weights for classes):
/// ℓ(z, y) = f(-z_y) + Σ_{j≠y} f(z_j), f(x) = σ(x)^γ log(1 + e^x), so that an answer which is right already counts little. Slope:
/// f'(x) = σ(x)^γ (γ σ(-x) log(1 + e^x) + σ(x)). Binary CE for γ = 0. Aligned.
/// </summary>
/// <param name="gamma">γ, 0 or above.</param>
internal sealed class FocalBinaryCrossEntropy(double gamma) : Loss
{
    public static LossInfo Info { get; } = new(
        "FocalBCE", "focal binary CE", "f(-z_y) + sum_{j!=y} f(z_j),  f(x) = s(x)^FocalGamma log(1 + e^x),  s = logistic function",
        "Lin et al. 2017, Eq. 4", Aligned: true, new[] { "FocalGamma" }, LossOrigin.Literature);

    /// <summary>All terms are positive, and each is off by a share of it.</summary>
    /// <inheritdoc/>
    internal override double? Shortfall(double exact, LossRounding rounding) => rounding.FocalSum * exact;

    protected override double EvaluateRows(RowBatch batch, long step) => batch.Mean((_, z, y, gradient) =>
    {
        z.CopyTo(gradient);
        gradient[y] = -gradient[y];
        var value = RowFocal.Replace(gradient, 1f / batch.Count, (float)gamma);
        gradient[y] = -gradient[y];
        return value;
    });

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var m = logits.shape[0];
        var index = labels.unsqueeze(1);
        var x = logits.scatter(1, index, logits.gather(1, index).neg_());
        var softplus = Softplus.Of(x);

        // σ(x)^γ is e to the power of -γ log(1 + e^-x), which no x takes out of the range.
        var weight = Softplus.Of(-x).MultiplyInPlace(-gamma).exp_();
        var value = Softplus.SumRows(weight * softplus).mean();
        var slope = softplus.mul_(x.neg().sigmoid_()).MultiplyInPlace(gamma).AddInPlace(x.sigmoid_());
        var gradient = slope.mul_(weight).DivideInPlace(m);
        gradient.scatter_(1, index, gradient.gather(1, index).neg_());
        return new(value, gradient);
    }
}
