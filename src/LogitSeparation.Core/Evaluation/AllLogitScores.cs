namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// A view of a table that shows, for each logit, the log-odds of its softmax probability: s_j = z_j - log sum over l ≠ j of
/// exp(z_l). It rises strictly with p_j = 1 / (1 + exp(-s_j)) and does not saturate. With k = 1 the probability is always 1, and
/// every score is positive infinity.
/// </summary>
internal sealed class AllLogitScores : Logits
{
    private readonly Logits _logits;

    /// <summary>Creates the view.</summary>
    /// <param name="logits">The table, without NaN.</param>
    public AllLogitScores(Logits logits)
    {
        _logits = logits;
        Source = logits.Source;
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<int> Labels => _logits.Labels;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames => _logits.ClassNames;

    /// <inheritdoc/>
    public override bool IsDouble => true;

    /// <inheritdoc/>
    public override LogitReader Open() => new Reader(_logits);

    /// <summary>Turns a row of logits into scores.</summary>
    /// <param name="row">k logits; replaced by k scores.</param>
    /// <param name="scratch">Room for k values.</param>
    /// <returns>False where a score has no value: two positive infinities, or negative ones alone.</returns>
    internal static bool Transform(Span<double> row, Span<double> scratch)
    {
        if (row.Length == 1)
        {
            row[0] = double.PositiveInfinity;
            return true;
        }

        var f = scratch[..row.Length];
        var normalization = RowNormalization.Of(row, f);
        if (!normalization.IsDefined)
            return false;
        normalization.Transform(row, f);
        return true;
    }

    private sealed class Reader(Logits logits) : LogitReader
    {
        private readonly LogitReader _inner = logits.Open();
        private double[] _rows = [];

        public override void Read(int firstRow, Span<float> destination) =>
            throw new InvalidOperationException("Scores are float64 and cannot be read as float32 without losing bits.");

        public override void Read(int firstRow, Span<double> destination)
        {
            var length = destination.Length;
            if (_rows.Length < length)
                _rows = new double[length];
            _inner.Read(firstRow, _rows.AsSpan(0, length));
            var k = logits.ClassCount;
            var failed = Partition.FirstFailure(length / k, minimum: Math.Max(1, (1 << 12) / k), (from, to) =>
            {
                var scratch = new double[k];
                for (var row = from; row < to; row++)
                {
                    if (!Transform(_rows.AsSpan(row * k, k), scratch))
                        return row;
                }

                return null;
            });
            if (failed is { } undefinedRow)
                throw LogitErrors.UndefinedProbability(logits, firstRow + undefinedRow);
            _rows.AsSpan(0, length).CopyTo(destination);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
