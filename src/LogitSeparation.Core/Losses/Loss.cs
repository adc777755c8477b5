using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// A loss of a batch of logits and labels. Every loss comes with its gradient in closed form, so that training needs no
/// graph and both share their expensive part. Nothing waits for the device. It is written twice, for tables on any device and
/// for rows on the CPU, and tests hold the two together.
/// </summary>
internal abstract class Loss : IDisposable
{
    /// <summary>What trains along with the network; empty for most losses.</summary>
    internal virtual IReadOnlyList<LossParameter> Parameters => [];

    /// <summary>What the biases of the head start from.</summary>
    internal virtual double InitialHeadBias => 0;

    /// <summary>The value of the loss and its gradient.</summary>
    /// <param name="logits">m x k, float32 or float64, any device; not changed.</param>
    /// <param name="labels">m class indices, int64, same device.</param>
    /// <param name="step">The step of the training; decides what a loss that samples draws.</param>
    /// <returns>The mean over the batch (float64, no dimension), and the gradient (m x k, as the logits).</returns>
    public LossValue Evaluate(torch.Tensor logits, torch.Tensor labels, long step)
    {
        if (!GoesByRows || !RowBatch.Accepts(logits))
            return EvaluateAsTable(logits, labels, step);
        var batch = new RowBatch(logits, labels);
        var value = torch.tensor(EvaluateRows(batch, step), dtype: torch.ScalarType.Float64);
        return new(value, batch.Gradient) { Own = batch.Own is null ? null : torch.tensor(batch.Own) };
    }

    /// <summary>Gathers the derivatives by the loss's own parameters in the network's buffer.</summary>
    /// <param name="gradient">As <see cref="LossValue.Own"/>.</param>
    /// <param name="beta">What share of the gathered gradient is kept: 0 to 1.</param>
    internal void Gather(torch.Tensor gradient, double beta)
    {
        var offset = 0L;
        foreach (var parameter in Parameters)
        {
            parameter.Gather(gradient.narrow(0, offset, parameter.Length), beta);
            offset += parameter.Length;
        }
    }

    /// <summary>What <see cref="Evaluate"/> gives where logits cannot be gone through by rows, such as on a GPU.</summary>
    internal LossValue EvaluateAsTable(torch.Tensor logits, torch.Tensor labels, long step) => EvaluateTable(logits, labels, step);

    /// <summary>
    /// By how much the value that is computed for float32 logits may be below the exact one: what a certificate of a batch has to leave.
    /// </summary>
    /// <param name="exact">
    /// The exact value, 0 or above. Where it is such that more than the infimum is left, it minus the result has to rise with it.
    /// </param>
    /// <param name="rounding">What float32 does to the parts that losses are made of.</param>
    /// <returns>A proved bound, but for float64's rounding of the mean; null where there is none, so that nothing is certified.</returns>
    internal virtual double? Shortfall(double exact, LossRounding rounding) => null;

    /// <summary>The same loss without holding a batch's logits whole; null where there is no such way.</summary>
    internal virtual BlockedLoss? InBlocks => null;

    /// <summary>Whether float32 logits on the CPU are gone through by rows.</summary>
    protected virtual bool GoesByRows => true;

    /// <summary>The loss of a batch by operations on the whole table, for any device and type.</summary>
    protected abstract LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step);

    /// <summary>The loss of a float32 batch on the CPU, row by row. Fills the batch's gradient.</summary>
    /// <returns>The mean over the batch.</returns>
    protected abstract double EvaluateRows(RowBatch batch, long step);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the loss keeps on a device.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
