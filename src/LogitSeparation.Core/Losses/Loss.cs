using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// A loss of a batch of logits and labels. Every loss comes with its gradient in closed form, so that training needs no
/// graph and both share their expensive part. Nothing waits for the device. It is written twice, for tables on any device and
/// for rows on the CPU, and tests hold the two together.
/// </summary>
internal abstract class Loss : IDisposable
{
    /// <summary>The value of the loss and its gradient.</summary>
    /// <param name="logits">m x k, float32 or float64, any device; not changed.</param>
    /// <param name="labels">m class indices, int64, same device.</param>
    /// <param name="step">The step of the training; decides what a loss that samples draws.</param>
    /// <returns>The mean over the batch (float64, no dimension), and the gradient (m x k, as the logits).</returns>
    public LossValue Evaluate(torch.Tensor logits, torch.Tensor labels, long step)
    {
        if (!RowBatch.Accepts(logits))
            return EvaluateAsTable(logits, labels, step);
        var batch = new RowBatch(logits, labels);
        return new(torch.tensor(EvaluateRows(batch, step), dtype: torch.ScalarType.Float64), batch.Gradient);
    }

    /// <summary>What <see cref="Evaluate"/> gives where logits cannot be gone through by rows, such as on a GPU.</summary>
    internal LossValue EvaluateAsTable(torch.Tensor logits, torch.Tensor labels, long step) => EvaluateTable(logits, labels, step);

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
