using System.Numerics.Tensors;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The binary cross-entropy of u = s z + c, with a bias and a scale that train along and are the same for all classes: with u = z - b the
/// unified cross-entropy (Zhou et al. 2023, UniFace), whose one threshold b divides the true from the false logits of all; with
/// u = e^t z + b the sigmoid loss (Zhai et al. 2023, SigLIP), with class weights in place of the texts. Gradient: s (σ(u) - 1_y) by z,
/// Σ (σ(u) - 1_y) by c, and s Σ z (σ(u) - 1_y) by t. Aligned, as u rises with z.
/// </summary>
/// <remarks>
/// A model's logits are z: u rises with z, for all classes alike, so that no measure of single logits and no order differs. The bias and
/// the logarithm of the scale are saved beside the weights.
/// </remarks>
internal sealed class AffineBinaryCrossEntropy : Loss
{
    private readonly LossParameter? _logScale;
    private readonly LossParameter _bias;
    private readonly float _sign;

    private AffineBinaryCrossEntropy(double? logScale, double bias, float sign)
    {
        _logScale = logScale is { } t ? new("log_scale", [t], 1) : null;
        (_bias, _sign) = (new("bias", [bias], 1), sign);
        Parameters = _logScale is null ? new[] { _bias } : new[] { _logScale, _bias };
    }

    public static LossInfo Unified { get; } = new(
        "UnifiedCE", "unified cross-entropy", "BinaryCE of z - b,  b trains along from UnifiedBias (log(10 k))",
        "Zhou et al. 2023 (UniFace)", Aligned: true, new[] { "UnifiedBias" }, LossOrigin.Literature);

    public static LossInfo Sigmoid { get; } = new(
        "SigmoidCE", "sigmoid loss", "BinaryCE of s * z + b,  s and b train along from SigmoidScale and SigmoidBias",
        "Zhai et al. 2023 (SigLIP)", Aligned: true, new[] { "SigmoidScale", "SigmoidBias" }, LossOrigin.Literature);

    /// <summary>The loss of z - b.</summary>
    public static Loss CreateUnified(LossContext context) =>
        new AffineBinaryCrossEntropy(null, context.Options.InitialUnifiedBias(context.ClassCounts.Count), -1);

    /// <summary>The loss of e^t z + b.</summary>
    public static Loss CreateSigmoid(LossContext context) =>
        new AffineBinaryCrossEntropy(Math.Log(context.Options.SigmoidScale), context.Options.SigmoidBias, 1);

    /// <inheritdoc/>
    internal override IReadOnlyList<LossParameter> Parameters { get; }

    /// <summary>
    /// Rounded, s z + c still rises with z: logits that violate make a u that violates, whatever s and c are. Of that u the value is
    /// computed as <see cref="BinaryCrossEntropy"/> does.
    /// </summary>
    /// <inheritdoc/>
    internal override double? Shortfall(double exact, LossRounding rounding) => rounding.SoftplusSum * exact;

    protected override double EvaluateRows(RowBatch batch, long step)
    {
        var (scale, shift, share) = (Scale(), (float)(_sign * _bias.Scalar), 1f / batch.Count);
        var (sums, products) = (new double[batch.Count], new double[batch.Count]);
        var mean = batch.Mean((row, z, y, gradient) =>
        {
            TensorPrimitives.Multiply(z, scale, gradient);
            TensorPrimitives.Add(gradient, shift, gradient);
            gradient[y] = -gradient[y];
            var value = RowLogistic.Replace(gradient, share);
            gradient[y] = -gradient[y];
            (sums[row], products[row]) = (RowSums.Sum(gradient), RowSums.Dot(gradient, z));
            TensorPrimitives.Multiply(gradient, scale, gradient);
            return value;
        });
        var slope = _sign * RowSums.Sum(sums);
        batch.Own = _logScale is null ? [slope] : [scale * RowSums.Sum(products), slope];
        return mean;
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var m = logits.shape[0];
        var index = labels.unsqueeze(1);
        var scale = _logScale?.Like(logits).exp();
        var bias = _bias.Like(logits);
        var u = scale is null ? logits - bias : (logits * scale).AddInPlace(bias);
        var turned = u.scatter_(1, index, u.gather(1, index).neg_());
        var value = Softplus.RowSum(turned).mean();
        var gradient = turned.sigmoid_().DivideInPlace(m);
        gradient.scatter_(1, index, gradient.gather(1, index).neg_());
        var sum = gradient.sum(torch.ScalarType.Float64);
        if (scale is null)
            return new(value, gradient) { Own = sum.neg_().unsqueeze(0) };
        var product = (gradient * logits).sum(torch.ScalarType.Float64).mul_(scale.to(torch.ScalarType.Float64).squeeze());
        return new(value, gradient.mul_(scale)) { Own = torch.stack([product, sum]) };
    }

    private float Scale() => _logScale is null ? 1 : (float)Math.Exp(_logScale.Scalar);
}
