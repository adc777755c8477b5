using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Principle;

/// <summary>Below which computed value of a loss a batch of float32 or float64 logits is sure to satisfy the principle.</summary>
/// <remarks>
/// A batch that violates has an exact loss L of at least the critical value c. What is computed for it is not below the following, with
/// u = 2^-24 and ρ = 5e-5 + (k + 128) u. The exponential's argument is at most 88 where it is not 0, so that rounding it changes
/// the exponential by at most 88 u of it; the exponential and the logarithm are off by a few u, a float32 sum of k positive numbers by
/// k u of it, in whatever order. All that is done with one number a row is done in float64; 2^-50 (m + 64) L is more than its rounding.
/// <list type="bullet">
/// <item>Losses whose terms are all positive (binary cross-entropy, NCE): each term is off by less than ρ of it: L (1 - ρ).</item>
/// <item>Batch cross-entropy: differences of logits are exact, log Z is off by less than ρ: L - ρ.</item>
/// <item>Self-normalisation: log Z_i is off by less than ρ, and the mean of |log Z_i| is at most √(L/α): L - ρ (1 + 2 √(α L)).</item>
/// <item>Batch max-margin: no float32 arithmetic at all.</item>
/// </list>
/// All of them rise with L, so that c stands for L. What is flushed to 0 is below k 2^-125.
/// </remarks>
internal static class BatchCertificate
{
    private const double Unit = 1.0 / (1 << 24);
    private const double DoubleUnit = 1.0 / (1L << 50);
    private const double FunctionError = 5e-5;

    /// <summary>
    /// The value that a certified batch is below; null where the loss is not aligned, or where the critical value depends on the
    /// labels or on draws (NCE with class frequencies, or sampled), or where rounding leaves nothing.
    /// </summary>
    public static double? Threshold(string loss, LossOptions options, int batchSize, int classCount)
    {
        var isNoise = loss == NoiseContrastive.Info.Name;
        if (isNoise && (options.NoisePrior != NoisePrior.Uniform || options.NoiseSampling != NoiseSampling.Exact))
            return null;
        if (classCount < 2 || (loss == BatchCrossEntropy.Info.Name && options.Epsilon != 0) || LossAnalyses.Find(loss) is not { } analysis)
            return null;
        var proof = analysis(AlignmentProblem.Of(new() { Options = options, BatchSize = batchSize, ClassCount = classCount }));
        if (proof.Excess is not { } excess)
            return null;
        var critical = (proof.Infimum + excess).Lower;
        var error = Error(loss, options, classCount, critical);
        if (error is null)
            return null;
        var threshold = critical - error.Value - (DoubleUnit * (batchSize + 64) * (critical + Math.Log(batchSize) + 1));
        return threshold > proof.Infimum.Upper ? threshold : null;
    }

    private static double? Error(string loss, LossOptions options, int classCount, double critical)
    {
        var relative = FunctionError + ((classCount + 128) * Unit);
        if (loss == NoiseContrastive.Info.Name || loss == BinaryCrossEntropy.Info.Name)
            return relative * critical;
        if (loss == BatchCrossEntropy.Info.Name)
            return relative;
        if (loss == SelfNormalization.Info.Name)
            return relative * (1 + (2 * Math.Sqrt(options.Alpha * critical)) + (options.Alpha * relative));
        return loss == BatchMaxMargin.Info.Name ? DoubleUnit * 64 * options.Gamma : null;
    }
}
