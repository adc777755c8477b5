using System.Numerics.Tensors;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The batch cross-entropy (Definition 5.1): KL(P_B ‖ Q_B) = log Z(B) - 1/m Σ_i z_y(x_i) - log m, where Q_B is the softmax
/// over all m k logits of the batch. Gradient: Q_B - P_B. Aligned (A.4).
/// </summary>
/// <param name="epsilon">
/// ε of -1/m Σ_i log(Q_B(i, y_i) + ε) - log m, the form of the authors' published code; 0 is the paper's definition. With
/// w_i = Q_B(i, y_i) / (Q_B(i, y_i) + ε) the gradient is mean(w) Q_B - w P_B.
/// </param>
internal sealed class BatchCrossEntropy(double epsilon) : Loss
{
    public static LossInfo Info { get; } = new(
        "BatchCE", "batch CE", "KL(P_B || Q_B),  Q_B = softmax over all logits of the batch",
        "Definition 5.1", Aligned: true, new[] { "Epsilon" });

    /// <summary>
    /// It is log Z minus a mean of logits: the former is off by no more than those of the rows, which it is a sum of in float64. With ε by
    /// no more either: log(Q + ε), in float64, moves less than log Q.
    /// </summary>
    /// <inheritdoc/>
    internal override double? Shortfall(double exact, LossRounding rounding) => rounding.LogNormalizer;

    /// <inheritdoc/>
    internal override BlockedLoss? InBlocks => new BlockedBatchCrossEntropy(epsilon);

    protected override double EvaluateRows(RowBatch batch, long step)
    {
        var m = batch.Count;
        var rows = new RowSoftmax[m];
        var trueLogits = new float[m];
        batch.Evaluate((row, z, y, gradient) =>
        {
            (rows[row], trueLogits[row]) = (RowSoftmax.Exponentiate(z, gradient), z[y]);
            return 0;
        });

        // Everything is relative to the largest logit of the batch: log Z itself would swallow its logarithms where logits are large.
        double shift = rows.Max(row => row.Largest);
        var logZ = Math.Log(rows.Sum(row => Math.Exp(row.Largest - shift) * row.Sum));
        var logQ = Array.ConvertAll(trueLogits, z => z - shift - logZ);
        var weights = Array.ConvertAll(logQ, log => epsilon == 0 ? 1 : Math.Exp(log) / (Math.Exp(log) + epsilon));
        var weight = weights.Average();
        batch.Evaluate((row, _, y, gradient) =>
        {
            TensorPrimitives.Multiply(gradient, (float)(weight * Math.Exp(rows[row].Largest - shift - logZ)), gradient);
            gradient[y] -= (float)(weights[row] / m);
            return 0;
        });
        return -logQ.Average(log => epsilon == 0 ? log : Math.Log(Math.Exp(log) + epsilon)) - Math.Log(m);
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var m = logits.shape[0];
        var softmax = new BatchSoftmax(logits, labels);

        // Everything is relative to the largest logit of the batch: log Z itself would swallow its logarithms where logits are large.
        var shift = softmax.Largest;
        var rowLogZ = (softmax.LargestLogit - shift).sub_(softmax.LogLargest);
        var logZ = rowLogZ.logsumexp(0, keepdim: true);
        var logQ = (softmax.TrueLogit - shift).sub_(logZ);

        // exp(z - log Z) = p exp(row's log Z - log Z): one multiplication of the softmax that is there already.
        var rowWeight = rowLogZ.sub_(logZ).exp_();
        return epsilon == 0 ? Exact(softmax, logQ, rowWeight, m) : Smoothed(softmax, logQ, rowWeight, m);
    }

    private static LossValue Exact(BatchSoftmax softmax, torch.Tensor logQ, torch.Tensor rowWeight, long m)
    {
        var gradient = softmax.Probabilities.mul_(rowWeight.to(softmax.Probabilities.dtype));
        softmax.SubtractAtTrue(gradient, 1.0 / m);
        return new(logQ.mean().neg_().SubtractInPlace(Math.Log(m)), gradient);
    }

    private LossValue Smoothed(BatchSoftmax softmax, torch.Tensor logQ, torch.Tensor rowWeight, long m)
    {
        var q = logQ.exp_();
        var w = q / q.Plus(epsilon);
        var type = softmax.Probabilities.dtype;
        var gradient = softmax.Probabilities.mul_(rowWeight.mul_(w.mean()).to(type));
        gradient.scatter_add_(1, softmax.Index, w.DivideInPlace(-m).to(type));
        return new(q.AddInPlace(epsilon).log_().mean().neg_().SubtractInPlace(Math.Log(m)), gradient);
    }
}
