using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// A loss that reads of each example's logits the true one and t drawn ones:
/// ℓ(z, y) ≈ log(1 + e^-u_y) + w Σ_s log(1 + e^u_{j_s}), u_j = z_j - o_j. Gradient: -σ(-u_y) at y, and w σ(u_j) at each draw. So a
/// step needs no more rows of the head than there are labels and draws, however many classes there are.
/// </summary>
/// <param name="drawCount">t, at least 1.</param>
internal abstract class SampledLoss(int drawCount) : Loss
{
    /// <summary>t.</summary>
    public int DrawCount => drawCount;

    /// <summary>w: what each draw counts.</summary>
    protected abstract double Weight { get; }

    /// <summary>Draws t classes for each example; nothing but the seed, the step and the labels decides them.</summary>
    /// <param name="labels">m classes.</param>
    /// <param name="step">The step of the training.</param>
    /// <returns>m t classes, row after row.</returns>
    public abstract long[] Draw(long[] labels, long step);

    /// <summary>o_j.</summary>
    protected abstract double Offset(long index);

    /// <summary>The loss and its gradient from the logits that it reads alone.</summary>
    /// <param name="logits">m x (1 + t): of each example the true logit, and those of its draws. Overwritten.</param>
    /// <param name="labels">m classes.</param>
    /// <param name="draws">m t classes, row after row.</param>
    /// <returns>The mean over the batch, and the derivative by each of these logits.</returns>
    public LossValue EvaluateDrawn(torch.Tensor logits, long[] labels, long[] draws)
    {
        var m = labels.Length;
        var offsets = new double[m * (1 + drawCount)];
        for (var row = 0; row < m; row++)
        {
            var at = row * (1 + drawCount);
            offsets[at] = Offset(labels[row]);
            for (var s = 0; s < drawCount; s++)
                offsets[at + 1 + s] = Offset(draws[(row * drawCount) + s]);
        }

        var u = logits.sub_(torch.tensor(offsets, [m, 1 + drawCount], logits.dtype, logits.device));
        var (trueU, drawU) = (u.narrow(1, 0, 1).neg_(), u.narrow(1, 1, drawCount));
        var value = Softplus.RowSum(drawU).MultiplyInPlace(Weight).AddInPlace(Softplus.Of(trueU)).mean();
        var gradient = u.sigmoid_();
        trueU.DivideInPlace(-m);
        drawU.MultiplyInPlace(Weight / m);
        return new(value, gradient);
    }

    /// <inheritdoc/>
    protected sealed override double EvaluateRows(RowBatch batch, long step)
    {
        var draws = Draw(batch.Labels.ToArray(), step);
        var share = 1.0 / batch.Count;
        return batch.Mean((row, z, y, gradient) =>
        {
            gradient.Clear();
            var trueU = z[y] - Offset(y);
            gradient[y] = (float)(-share * RowLogistic.Logistic(-trueU));
            var sum = 0.0;
            foreach (var draw in draws.AsSpan(row * drawCount, drawCount))
            {
                var u = z[(int)draw] - Offset(draw);
                gradient[(int)draw] += (float)(share * Weight * RowLogistic.Logistic(u));
                sum += RowLogistic.Softplus(u);
            }

            return RowLogistic.Softplus(-trueU) + (Weight * sum);
        });
    }

    /// <inheritdoc/>
    protected sealed override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var classes = ReadLabels(labels);
        var draws = Draw(classes, step);
        var index = torch.cat([labels.unsqueeze(1), torch.tensor(draws, classes.Length, drawCount, device: logits.device)], 1);
        var (value, gradient) = EvaluateDrawn(logits.gather(1, index), classes, draws);
        return new(value, torch.zeros_like(logits).scatter_add_(1, index, gradient));
    }

    /// <summary>Labels as they lie in ordinary memory.</summary>
    /// <param name="labels">m classes, int64, any device.</param>
    public static long[] ReadLabels(torch.Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        return labels.cpu().data<long>().ToArray();
    }
}
