using LogitSeparation.Core.Losses;
using TorchSharp;

namespace LogitSeparation.Core.Principle;

/// <summary>Below which computed value of a loss a batch of float32 logits is sure to satisfy the principle.</summary>
/// <remarks>
/// The exact loss of a batch that violates is at least its infimum and the least excess e, whatever its labels: the critical value c where
/// the infimum is that of all labels, else the excess alone is looked at. What is computed for it may be lower by
/// float32's rounding, which the loss bounds (<see cref="Loss.Shortfall"/>) such that a larger exact value never allows a smaller
/// computed one: c, or e and the largest infimum of a class, stands for all. It may be lower by float64's rounding too, in the means over m
/// rows: a sum of m terms is off by m 2^-53 of the sum of their sizes, and 2^-50 (m + 64) (|c| + log m + 2 log(1 + ε) + 1) is more than all of
/// that for any batch with a loss near c. The critical values themselves are lower bounds, rounded outward.
/// </remarks>
internal static class BatchCertificate
{
    private const double DoubleUnits = 1.0 / (1L << 50);

    /// <summary>
    /// What batches are certified by. Null where the loss says nothing of its rounding, where it is not aligned, or where rounding leaves
    /// nothing above the infimum.
    /// </summary>
    /// <param name="loss">The loss as it is computed.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">Its hyperparameters.</param>
    /// <param name="batchSize">m.</param>
    /// <param name="classCounts">How often each of the k classes occurs.</param>
    /// <param name="device">Where it is computed.</param>
    /// <param name="isBlocked">
    /// Whether in blocks of classes (<see cref="BlockedLoss"/>): as rows of any length on the CPU, as a table elsewhere. Each block's
    /// exponentials are relative to a logit that is no larger than the row's largest, so that arguments are no larger than they are there.
    /// </param>
    public static CertificateBound? Find(
        Loss loss, string name, LossOptions options, int batchSize, IReadOnlyList<int> classCounts, torch.Device device, bool isBlocked = false)
    {
        var count = isBlocked ? 0 : (long)batchSize * classCounts.Count;
        return Find(loss, name, options, batchSize, classCounts, new LossRounding(classCounts.Count, RowBatch.AcceptsFloat32(device.type, count)));
    }

    /// <summary>The same, by the way in which it is computed.</summary>
    internal static CertificateBound? Find(
        Loss loss, string name, LossOptions options, int batchSize, IReadOnlyList<int> classCounts, LossRounding rounding)
    {
        var isAnalysed = rounding.ClassCount is >= 2 and <= AlignmentRequest.Most && batchSize is >= 1 and <= AlignmentRequest.Most;
        if (!isAnalysed || loss.Shortfall(0, rounding) is null || LossAnalyses.Find(LossCatalog.Spell(name)!) is not { } analysis)
            return null;

        // A loss that draws its negatives has no shortfall, so that no other one reads how many.
        var read = options with { NegativeCount = 0 };
        var request = new AlignmentRequest
        {
            Options = read,
            BatchSize = batchSize,
            ClassCount = rounding.ClassCount,
            ClassCounts = options.NoisePrior == NoisePrior.Uniform ? null : classCounts,
        };
        var proof = analysis(AlignmentProblem.Of(request));
        if (proof.LeastExcess is not { } excess)
            return null;
        var infimum = proof.ClassInfimum?.MaxBy(bound => bound.Upper) ?? proof.Infimum;
        var critical = (infimum + excess).Lower;
        var unit = Math.Abs(critical) + Math.Log(batchSize) + (2 * Math.Log(1 + options.Epsilon)) + 1;
        var lost = loss.Shortfall(critical, rounding)!.Value + (DoubleUnits * (batchSize + 64) * unit);
        if (proof.ClassInfimum is null)
            return critical - lost > infimum.Upper ? new(critical - lost, null) : null;
        return excess.Lower - lost > 0 ? new(excess.Lower - lost, [.. proof.ClassInfimum.Select(bound => bound.Lower)]) : null;
    }
}
