using System.Numerics;
using System.Numerics.Tensors;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// The normalisation of every row of a table, and the scores over all logits of its true logits: what the pass over the true logits
/// leaves, so that the pass over all others has each score to compute once.
/// </summary>
/// <param name="logits">The table.</param>
internal sealed class NormalizedRows(Logits logits)
{
    /// <summary>Rows of fewer logits in all are not worth a thread.</summary>
    private const int FewestLogits = 1 << 12;

    private readonly RowNormalization[] _rows = new RowNormalization[logits.Count];

    /// <summary>The n true scores. With k = 1 the probability is always 1, and every score is positive infinity.</summary>
    public double[] TrueScores { get; } = new double[logits.Count];

    /// <summary>Looks at rows.</summary>
    /// <param name="block">The rows.</param>
    /// <exception cref="SlcException"><c>NaNLogit</c>, <c>UndefinedProbability</c>.</exception>
    public void Add<T>(RowBlock<T> block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var k = logits.ClassCount;
        if (k == 1)
        {
            TrueScores.AsSpan(block.FirstRow, block.RowCount).Fill(double.PositiveInfinity);
            return;
        }

        var failed = Partition.FirstFailure(block.RowCount, minimum: Math.Max(1, FewestLogits / k), (from, to) =>
        {
            var (row, f) = (new double[k], new double[k]);
            for (var i = from; i < to; i++)
            {
                TensorPrimitives.ConvertTruncating(block.Values.Span.Slice(i * k, k), row.AsSpan());
                if (!Add(block.FirstRow + i, row, f))
                    return i;
            }

            return null;
        });
        if (failed is not { } wrong)
            return;
        var example = block.FirstRow + wrong;
        throw _rows[example].IsNaN ? LogitErrors.FirstNaN<T>(logits) : LogitErrors.UndefinedProbability(logits, example);
    }

    /// <summary>Turns a row into its scores.</summary>
    /// <param name="example">The row.</param>
    /// <param name="row">k logits; replaced by k scores.</param>
    /// <param name="scratch">Room for k values.</param>
    public void Transform(int example, Span<double> row, Span<double> scratch)
    {
        if (row.Length == 1)
            row[0] = double.PositiveInfinity;
        else
            _rows[example].Transform(row, scratch);
    }

    private bool Add(int example, double[] row, double[] f)
    {
        var y = logits.Labels.Span[example];
        var z = row[y];
        var found = _rows[example] = RowNormalization.Of(row, f);
        if (found.IsNaN || !found.IsDefined)
            return false;
        TrueScores[example] = found.Score(z, y, f);
        return true;
    }
}
