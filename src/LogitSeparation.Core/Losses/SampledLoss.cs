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

    /// <summary>The loss and its gradient from the logits of the sampled classes alone.</summary>
    /// <param name="logits">m x (number of sampled classes).</param>
    /// <param name="sample">The classes.</param>
    public LossValue Evaluate(torch.Tensor logits, SampledClasses sample)
    {
        var labels = torch.tensor(sample.Labels, device: logits.device);
        if (!RowBatch.Accepts(logits))
            return EvaluateTable(logits, labels, sample.Draws, place => Offset(sample.Classes[place]));
        var batch = new RowBatch(logits, labels);
        var value = EvaluateRows(batch, sample.Draws, place => Offset(sample.Classes[place]));
        return new(torch.tensor(value, dtype: torch.ScalarType.Float64), batch.Gradient);
    }

    /// <inheritdoc/>
    protected sealed override double EvaluateRows(RowBatch batch, long step) =>
        EvaluateRows(batch, Draw(batch.Labels.ToArray(), step), Offset);

    /// <inheritdoc/>
    protected sealed override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step) =>
        EvaluateTable(logits, labels, Draw(SampledClasses.Read(labels), step), Offset);

    private double EvaluateRows(RowBatch batch, long[] draws, Func<long, double> offset)
    {
        var share = 1.0 / batch.Count;
        return batch.Mean((row, z, y, gradient) =>
        {
            gradient.Clear();
            var trueU = z[y] - offset(y);
            gradient[y] = (float)(-share * RowLogistic.Logistic(-trueU));
            var sum = 0.0;
            foreach (var draw in draws.AsSpan(row * drawCount, drawCount))
            {
                var u = z[(int)draw] - offset(draw);
                gradient[(int)draw] += (float)(share * Weight * RowLogistic.Logistic(u));
                sum += RowLogistic.Softplus(u);
            }

            return RowLogistic.Softplus(-trueU) + (Weight * sum);
        });
    }

    private LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long[] draws, Func<long, double> offset)
    {
        var m = (int)logits.shape[0];
        var (type, device) = (logits.dtype, logits.device);
        var drawIndex = torch.tensor(draws, m, drawCount, device: device);
        var trueIndex = labels.unsqueeze(1);
        var drawOffsets = torch.tensor(Array.ConvertAll(draws, draw => offset(draw)), [m, drawCount], type, device);
        var trueOffsets = torch.tensor(Array.ConvertAll(SampledClasses.Read(labels), label => offset(label)), [m, 1], type, device);
        var drawU = logits.gather(1, drawIndex).sub_(drawOffsets);
        var trueU = logits.gather(1, trueIndex).sub_(trueOffsets);

        var value = Softplus.RowSum(drawU).MultiplyInPlace(Weight).AddInPlace(Softplus.Of(-trueU)).mean();
        var gradient = torch.zeros_like(logits);
        gradient.scatter_add_(1, drawIndex, drawU.sigmoid_().MultiplyInPlace(Weight / m));
        gradient.scatter_add_(1, trueIndex, trueU.neg_().sigmoid_().DivideInPlace(-m));
        return new(value, gradient);
    }
}
