using System.Numerics.Tensors;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The logit-adjusted cross-entropy (Menon et al. 2021, Eq. 10): the cross-entropy of z_j + τ log π_j, where π_j is the share of class j
/// among the training examples. Gradient: p - 1_y, with p the softmax of what was adjusted. As the cross-entropy it compares the logits of
/// one example alone, so it is not aligned.
/// </summary>
/// <param name="classCounts">The number of training examples of each class.</param>
/// <param name="tau">τ, 0 or above.</param>
internal sealed class LogitAdjustedCrossEntropy(IReadOnlyList<int> classCounts, double tau) : Loss
{
    private readonly ClassTable _offsets = new(Offsets(classCounts, tau));

    public static LossInfo Info { get; } = new(
        "LogitAdjustedCE", "logit-adjusted CE", "-log p_y,  p = softmax(z_j + Tau * log q(j)),  q = frequency of the classes in training",
        "Menon et al. 2021, Eq. 10", Aligned: false, new[] { "Tau" }, LossOrigin.Literature);

    /// <summary>
    /// τ log π_j. A class without examples counts as half an example, so that its logarithm is finite; where none has any, all are alike.
    /// </summary>
    public static double[] Offsets(IReadOnlyList<int> classCounts, double tau)
    {
        var n = classCounts.Sum(count => (long)count);
        return n == 0 || tau == 0 ? [0] : [.. classCounts.Select(count => tau * Math.Log(Math.Max(count, 0.5) / n))];
    }

    protected override double EvaluateRows(RowBatch batch, long step)
    {
        var share = 1.0 / batch.Count;
        var offsets = _offsets.Values;
        return batch.Mean((_, z, y, gradient) =>
        {
            if (offsets.Length == 1)
                z.CopyTo(gradient);
            else
                TensorPrimitives.Add(z, offsets, gradient);
            var trueLogit = gradient[y];
            var softmax = RowSoftmax.Exponentiate(gradient, gradient);
            TensorPrimitives.Multiply(gradient, (float)(share / softmax.Sum), gradient);
            gradient[y] -= (float)share;
            return softmax.CrossEntropy(trueLogit);
        });
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var softmax = new BatchSoftmax(logits.Plus(_offsets.Like(logits)), labels);
        var gradient = softmax.Probabilities.MultiplyInPlace(1.0 / logits.shape[0]);
        softmax.SubtractAtTrue(gradient, 1.0 / logits.shape[0]);
        return new(softmax.CrossEntropy.mean(), gradient);
    }

    protected override void Dispose(bool disposing)
    {
        _offsets.Dispose();
        base.Dispose(disposing);
    }
}
