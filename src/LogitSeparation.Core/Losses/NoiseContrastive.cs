using System.Numerics.Tensors;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// Noise-contrastive estimation (Eq. 3) with the expectation over q taken exactly:
/// ℓ(z, y) = -log g_y - t Σ_j q(j) log(1 - g_j), g_j = σ(u_j), u_j = z_j - log(t q(j)). Gradient: t q(j) g_j - 1_y (1 - g_y).
/// The sum runs over the true class too, so the infimum is positive. Aligned (A.2).
/// </summary>
/// <param name="noise">q.</param>
/// <param name="noiseCount">t, at least 1.</param>
internal sealed class NoiseContrastive(NoiseDistribution noise, int noiseCount) : Loss
{
    /// <summary>
    /// Stands for -log 0 where q(j) = 0: g_j is 1 then, whatever the logit. Finite, so that its product with the weight 0 is 0.
    /// </summary>
    private const double Certain = -1e38;

    public static LossInfo Info { get; } = new(
        "NCE", "NCE", "-log g_y - t * E_{j~q}[log(1 - g_j)],  g_j = 1 / (1 + t q(j) exp(-z_j))",
        "Eq. 3; Mnih and Teh 2012", Aligned: true, new[] { "NoiseCount", "NoisePrior", "NoiseSampling" });

    private readonly ClassTable _weights = noise.Tabulate(q => noiseCount * q);
    private readonly ClassTable _offsets = noise.Tabulate(q => LogOffset(q, noiseCount));

    /// <summary>log(t q(j)).</summary>
    public static double LogOffset(double probability, int noiseCount) =>
        probability > 0 ? Math.Log(noiseCount * probability) : Certain;

    /// <summary>
    /// All terms are positive, and each is off by a share of it.
    /// </summary>
    /// <inheritdoc/>
    internal override double? Shortfall(double exact, LossRounding rounding) =>
        rounding.ShiftedSoftplusSum(_offsets.Values.Max(Math.Abs)) * exact;

    protected override double EvaluateRows(RowBatch batch, long step)
    {
        var share = 1f / batch.Count;
        var (weights, offsets, absent) = (_weights.Values, _offsets.Values, noise.HasAbsentClass);
        return batch.Mean((_, z, y, gradient) =>
        {
            if (noise.IsUniform)
                TensorPrimitives.Subtract(z, offsets[0], gradient);
            else
                TensorPrimitives.Subtract(z, offsets, gradient);
            if (absent)
                TensorPrimitives.Min(gradient, (float)-Certain, gradient);
            double trueU = gradient[y];
            var noiseTerm = noise.IsUniform
                ? weights[0] * RowLogistic.Replace(gradient, share * weights[0])
                : RowLogistic.Replace(gradient, share, weights);
            gradient[y] -= (float)(share * RowLogistic.Logistic(-trueU));
            return noiseTerm + RowLogistic.Softplus(-trueU);
        });
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var m = logits.shape[0];
        var index = labels.unsqueeze(1);
        var weight = _weights.Like(logits);
        var u = logits - _offsets.Like(logits);
        if (noise.HasAbsentClass)
            u.LimitInPlace(-Certain);
        var trueU = u.gather(1, index);
        var noiseTerm = noise.IsUniform
            ? Softplus.RowSum(u).MultiplyInPlace(noiseCount * noise.Probabilities[0])
            : Softplus.SumRows(Softplus.Of(u).mul_(weight));
        var value = noiseTerm.AddInPlace(Softplus.Of(-trueU)).mean();
        var gradient = u.sigmoid_().mul_(weight.DividedBy(m));
        gradient.scatter_add_(1, index, trueU.neg_().sigmoid_().DivideInPlace(-m));
        return new(value, gradient);
    }

    protected override void Dispose(bool disposing)
    {
        _weights.Dispose();
        _offsets.Dispose();
        base.Dispose(disposing);
    }
}
