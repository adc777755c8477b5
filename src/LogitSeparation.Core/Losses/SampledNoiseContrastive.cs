using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// Noise-contrastive estimation (Eq. 3) with the expectation estimated from t noise classes drawn for each example anew
/// (Mnih and Teh 2012): ℓ(z, y) ≈ -log g_y - Σ_s log(1 - g_{j_s}), j_s ~ q. Its mean over the draws is the exact loss.
/// </summary>
/// <param name="noise">q.</param>
/// <param name="noiseCount">t, at least 1.</param>
/// <param name="seed">The seed of the training.</param>
internal sealed class SampledNoiseContrastive(NoiseDistribution noise, int noiseCount, int seed) : Loss
{
    private readonly ClassTable _offsets = noise.Tabulate(q => NoiseContrastive.LogOffset(q, noiseCount));

    protected override double EvaluateRows(RowBatch batch, long step)
    {
        var draws = noise.Draw(checked(batch.Count * noiseCount), seed, step);
        var share = 1.0 / batch.Count;
        return batch.Mean((row, z, y, gradient) =>
        {
            gradient.Clear();
            var trueU = z[y] - _offsets[y];
            gradient[y] = (float)(-share * RowLogistic.Logistic(-trueU));
            var sum = RowLogistic.Softplus(-trueU);
            foreach (var draw in draws.AsSpan(row * noiseCount, noiseCount))
            {
                var u = z[(int)draw] - _offsets[(int)draw];
                gradient[(int)draw] += (float)(share * RowLogistic.Logistic(u));
                sum += RowLogistic.Softplus(u);
            }

            return sum;
        });
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var m = (int)logits.shape[0];
        var draws = noise.Draw(checked(m * noiseCount), seed, step);
        var noiseIndex = torch.tensor(draws, m, noiseCount, device: logits.device);
        var trueIndex = labels.unsqueeze(1);
        var noiseU = logits.gather(1, noiseIndex).sub_(_offsets.At(noiseIndex, logits));
        var trueU = logits.gather(1, trueIndex).sub_(_offsets.At(trueIndex, logits));

        var value = Softplus.RowSum(noiseU).AddInPlace(Softplus.Of(-trueU)).mean();
        var gradient = torch.zeros_like(logits);
        gradient.scatter_add_(1, noiseIndex, noiseU.sigmoid_().DivideInPlace(m));
        gradient.scatter_add_(1, trueIndex, trueU.neg_().sigmoid_().DivideInPlace(-m));
        return new(value, gradient);
    }

    protected override void Dispose(bool disposing)
    {
        _offsets.Dispose();
        base.Dispose(disposing);
    }
}
