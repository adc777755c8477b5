using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Principle;

/// <summary>The expectation of a loss over all batches of m out of the n examples of a table, each set once.</summary>
/// <param name="loss">The loss of one batch; disposed with this.</param>
/// <param name="batchSize">m.</param>
internal sealed class BatchExpectation(Loss loss, int batchSize) : Loss
{
    /// <summary>The most batches that are gone through.</summary>
    public const int MostBatches = 5000;

    /// <summary>The number of sets of m out of n, or more than <see cref="MostBatches"/> where there are more.</summary>
    public static long CountBatches(int n, int m)
    {
        var count = 1L;
        for (var i = 1; i <= Math.Min(m, n - m); i++)
        {
            // After i factors the product is a binomial coefficient, so the division leaves nothing.
            count = count * (n - i + 1) / i;
            if (count > MostBatches)
                break;
        }

        return count;
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var n = (int)logits.shape[0];
        var batches = CountBatches(n, batchSize);
        var gradient = torch.zeros_like(logits);
        var value = torch.zeros(1, dtype: torch.float64, device: logits.device);
        var rows = Enumerable.Range(0, batchSize).Select(i => (long)i).ToArray();
        do
        {
            using var scope = torch.NewDisposeScope();
            var index = torch.tensor(rows, device: logits.device);
            var batch = loss.EvaluateAsTable(logits.index_select(0, index), labels.index_select(0, index), step);
            value.AddInPlace(batch.Value);
            gradient.AddRowsInPlace(index, batch.Gradient);
        }
        while (Advance(rows, n));
        return new(value.DivideInPlace(batches).squeeze(), gradient.DivideInPlace(batches));
    }

    protected override double EvaluateRows(RowBatch batch, long step) =>
        throw new NotSupportedException("An expectation over batches is evaluated on float64 tables alone.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            loss.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The next set in lexicographic order; false after the last.</summary>
    private static bool Advance(long[] rows, int n)
    {
        var at = rows.Length - 1;
        while (at >= 0 && rows[at] == n - rows.Length + at)
            at--;
        if (at < 0)
            return false;
        rows[at]++;
        for (var i = at + 1; i < rows.Length; i++)
            rows[i] = rows[i - 1] + 1;
        return true;
    }
}
