using LogitSeparation.Core.Losses;
using TorchSharp;

namespace LogitSeparation.Core.Principle;

/// <summary>Below which computed value of a loss a batch of float32 logits is sure to satisfy the principle.</summary>
/// <remarks>
/// The exact loss of a batch that violates is at least the critical value c, whatever its labels. What is computed for it may be lower by
/// float32's rounding, which the loss bounds (<see cref="Loss.Shortfall"/>) such that a larger exact value never allows a smaller
/// computed one: c stands for all. It may be lower by float64's rounding too, in the mean over m rows: a sum of m terms is off by
/// m 2^-53 of the sum of their sizes, and 2^-50 (m + 64) (c + log m + 1) is more than all of that for any batch with a loss near c.
/// The critical values themselves are lower bounds, rounded outward.
/// </remarks>
internal static class BatchCertificate
{
    private const double DoubleUnits = 1.0 / (1L << 50);

    /// <summary>
    /// The value that a certified batch is below. Null where the loss says nothing of its rounding, where it is not aligned, or where
    /// rounding leaves nothing above the infimum.
    /// </summary>
    /// <param name="loss">The loss as it is computed.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">Its hyperparameters.</param>
    /// <param name="batchSize">m.</param>
    /// <param name="classCount">k.</param>
    /// <param name="device">Where it is computed.</param>
    /// <param name="isBlocked">
    /// Whether in blocks of classes (<see cref="BlockedLoss"/>): as rows of any length on the CPU, as a table elsewhere. Each block's
    /// exponentials are relative to a logit that is no larger than the row's largest, so that arguments are no larger than they are there.
    /// </param>
    public static double? Threshold(
        Loss loss, string name, LossOptions options, int batchSize, int classCount, torch.Device device, bool isBlocked = false)
    {
        var count = isBlocked ? 0 : (long)batchSize * classCount;
        return Threshold(loss, name, options, batchSize, new LossRounding(classCount, RowBatch.AcceptsFloat32(device.type, count)));
    }

    /// <summary>The same, by the way in which it is computed.</summary>
    internal static double? Threshold(Loss loss, string name, LossOptions options, int batchSize, LossRounding rounding)
    {
        var isAnalysed = rounding.ClassCount is >= 2 and <= AlignmentRequest.Most && batchSize is >= 1 and <= AlignmentRequest.Most;
        if (!isAnalysed || loss.Shortfall(0, rounding) is null || LossAnalyses.Find(LossCatalog.Spell(name)!) is not { } analysis)
            return null;

        // A loss that draws its negatives has no shortfall, so that no other one reads how many.
        var read = options with { NegativeCount = 0 };
        var proof = analysis(AlignmentProblem.Of(new() { Options = read, BatchSize = batchSize, ClassCount = rounding.ClassCount }));
        if (proof.LeastExcess is not { } excess)
            return null;
        var critical = (proof.Infimum + excess).Lower;
        var threshold = critical - loss.Shortfall(critical, rounding) - (DoubleUnits * (batchSize + 64) * (critical + Math.Log(batchSize) + 1));
        return threshold > proof.Infimum.Upper ? threshold : null;
    }
}
