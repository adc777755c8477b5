namespace LogitSeparation.Core.Losses;

/// <summary>
/// The binary cross-entropy (section 4.3) with its sum over the k - 1 false classes estimated from t of them, drawn for each example
/// anew, uniformly and with replacement: ℓ(z, y) ≈ -log σ(z_y) - (k - 1)/t Σ_s log(1 - σ(z_{j_s})). The factor is the inverse of the
/// chance t/(k - 1) that a class is expected to be drawn with, so the mean over the draws is the whole loss, and that of the gradient
/// the whole gradient.
/// </summary>
/// <param name="classCount">k.</param>
/// <param name="negativeCount">t, at least 1.</param>
/// <param name="seed">The seed of the training.</param>
/// <param name="headBias">What the biases of the head start at.</param>
internal sealed class SampledBinaryCrossEntropy(int classCount, int negativeCount, int seed, double headBias = 0) : SampledLoss(negativeCount)
{
    /// <inheritdoc/>
    internal override double InitialHeadBias => headBias;

    /// <inheritdoc/>
    protected override double Weight => (classCount - 1.0) / DrawCount;

    /// <inheritdoc/>
    public override long[] Draw(long[] labels, long step)
    {
        var draws = new long[checked(labels.Length * DrawCount)];
        if (classCount == 1)
            return draws;
        var random = new SplitMix64(StreamSeed.Derive(seed, StreamSeed.Noise, step));
        for (var i = 0; i < draws.Length; i++)
        {
            var draw = random.Next(classCount - 1);
            draws[i] = draw < labels[i / DrawCount] ? draw : draw + 1;
        }

        return draws;
    }

    /// <inheritdoc/>
    protected override double Offset(long index) => 0;
}
