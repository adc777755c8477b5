namespace LogitSeparation.Core.Losses;

/// <summary>
/// Noise-contrastive estimation (Eq. 3) with the expectation estimated from t noise classes drawn for each example anew
/// (Mnih and Teh 2012): ℓ(z, y) ≈ -log g_y - Σ_s log(1 - g_{j_s}), j_s ~ q. Its mean over the draws is the exact loss.
/// </summary>
/// <param name="noise">q.</param>
/// <param name="noiseCount">t, at least 1.</param>
/// <param name="seed">The seed of the training.</param>
internal sealed class SampledNoiseContrastive(NoiseDistribution noise, int noiseCount, int seed) : SampledLoss(noiseCount)
{
    /// <inheritdoc/>
    protected override double Weight => 1;

    /// <inheritdoc/>
    public override long[] Draw(long[] labels, long step) => noise.Draw(checked(labels.Length * DrawCount), seed, step);

    /// <inheritdoc/>
    protected override double Offset(long index) => NoiseContrastive.LogOffset(noise.Probabilities[(int)index], DrawCount);
}
