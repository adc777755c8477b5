using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// A view of a table that shows, for each logit, the log-odds of its softmax probability: s_j = z_j - log sum over l ≠ j of
/// exp(z_l). It rises strictly with p_j = 1 / (1 + exp(-s_j)) and does not saturate. With k = 1 the probability is always 1, and
/// every score is positive infinity.
/// </summary>
internal sealed class AllLogitScores : Logits
{
    private const double LowestExponent = -700;

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

    /// <summary>
    /// Turns a row of logits into scores. With a the arg max, M = z_a and M' the largest of the others, f_l = exp(z_l - M') for
    /// l ≠ a, S = sum of f: s_a = (M - M') - log S, and s_j = (z_j - M) - log(1 + exp(M' - M) (S - f_j)). The largest is never in a
    /// sum that it is then subtracted from, so nothing cancels.
    /// </summary>
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

        var a = IndexOfLargest(row);
        var largest = row[a];
        row[a] = double.NegativeInfinity;
        var second = TensorPrimitives.Max<double>(row);
        if (double.IsNegativeInfinity(largest) || double.IsPositiveInfinity(second))
            return false;
        if (double.IsPositiveInfinity(largest) || double.IsNegativeInfinity(second))
        {
            // The largest outweighs the others infinitely: p is 1 for it and 0 for them.
            row.Fill(double.NegativeInfinity);
            row[a] = double.PositiveInfinity;
            return true;
        }

        var f = scratch[..row.Length];
        TensorPrimitives.Subtract(row, second, f);
        // Beside a 1, exp(-700) is nothing. A lane that underflows would change the last bit of its neighbours in the same vector,
        // and who these are depends on where the row lies in memory.
        TensorPrimitives.Max(f, LowestExponent, f);
        TensorPrimitives.Exp<double>(f, f);
        var sum = Sum(f);
        var weight = Math.Exp(second - largest);
        TensorPrimitives.Subtract(sum, f, f);
        TensorPrimitives.Multiply(f, weight, f);
        TensorPrimitives.Add(f, 1, f);
        TensorPrimitives.Log<double>(f, f);
        TensorPrimitives.Subtract(row, largest, row);
        TensorPrimitives.Subtract(row, f, row);
        row[a] = largest - second - Math.Log(sum);
        return true;
    }

    /// <summary>
    /// A sum whose order depends on the length alone. TensorPrimitives.Sum goes by the address too, and the same row would get
    /// another last bit in another buffer.
    /// </summary>
    private static double Sum(ReadOnlySpan<double> values)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        var sums = Vector<double>.Zero;
        foreach (var vector in vectors)
            sums += vector;
        var sum = Vector.Sum(sums);
        foreach (var value in values[(vectors.Length * Vector<double>.Count)..])
            sum += value;
        return sum;
    }

    private static int IndexOfLargest(ReadOnlySpan<double> row)
    {
        var a = 0;
        for (var j = 1; j < row.Length; j++)
            a = row[j] > row[a] ? j : a;
        return a;
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
                throw Undefined(firstRow + undefinedRow);
            _rows.AsSpan(0, length).CopyTo(destination);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _inner.Dispose();
            base.Dispose(disposing);
        }

        private SlcException Undefined(int example)
        {
            var source = logits.Source is null ? "" : $" of '{logits.Source}'";
            return new SlcException("UndefinedProbability", SlcErrorKind.InvalidData,
                $"The logits of example {example}{source} have two positive infinities, or negative ones alone, and so no softmax "
                + "probabilities. Measure single logits, or leave the example out.", example);
        }
    }
}
