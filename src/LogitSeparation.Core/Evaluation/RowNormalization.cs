using System.Numerics.Tensors;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// What turns a row of logits into its scores over all logits, s_j = z_j - log sum over l ≠ j of exp(z_l). With a the arg max,
/// M = z_a and M' the largest of the others, f_l = exp(z_l - M') for l ≠ a, S = sum of f: s_a = (M - M') - log S, and
/// s_j = (z_j - M) - log(1 + exp(M' - M) (S - f_j)). The largest is never in a sum that it is then subtracted from, so nothing
/// cancels.
/// </summary>
/// <param name="ArgMax">a, the first of equals.</param>
/// <param name="Largest">M; NaN where the row holds a NaN.</param>
/// <param name="Second">M'.</param>
/// <param name="Sum">S; 0 where the largest outweighs the others infinitely.</param>
internal readonly record struct RowNormalization(int ArgMax, double Largest, double Second, double Sum)
{
    private const double LowestExponent = -700;

    /// <summary>Lanes of the widest vector of float64: logarithms of fewer numbers may be computed in another way.</summary>
    private const int Lanes = 8;

    /// <summary>Whether the row's scores have values: not where there are two positive infinities, or negative ones alone.</summary>
    public bool IsDefined => !double.IsNegativeInfinity(Largest) && !double.IsPositiveInfinity(Second);

    /// <summary>Whether the row holds a NaN.</summary>
    public bool IsNaN => double.IsNaN(Largest);

    /// <summary>p is 1 for the largest and 0 for the others.</summary>
    private bool IsCertain => double.IsPositiveInfinity(Largest) || double.IsNegativeInfinity(Second);

    /// <summary>Looks at a row.</summary>
    /// <param name="row">k ≥ 2 logits; the arg max is overwritten.</param>
    /// <param name="f">Room for k values; receives f, where the row has scores that are no infinities.</param>
    public static RowNormalization Of(Span<double> row, Span<double> f)
    {
        var a = 0;
        for (var j = 1; j < row.Length; j++)
            a = row[j] > row[a] ? j : a;
        var largest = row[a];
        row[a] = double.NegativeInfinity;
        var second = TensorPrimitives.Max<double>(row);
        var found = new RowNormalization(a, double.IsNaN(second) ? second : largest, second, 0);
        if (found.IsNaN || !found.IsDefined || found.IsCertain)
            return found;
        found.Exponentials(row, f);
        return found with { Sum = UnorderedSum.Of(f) };
    }

    /// <summary>The score of one logit, the same to the last bit as <see cref="Transform"/> gives.</summary>
    /// <param name="z">The logit.</param>
    /// <param name="j">Its column.</param>
    /// <param name="f">What <see cref="Of"/> gave.</param>
    public double Score(double z, int j, ReadOnlySpan<double> f)
    {
        if (IsCertain)
            return j == ArgMax ? double.PositiveInfinity : double.NegativeInfinity;
        return j == ArgMax ? OfLargest : z - Largest - Log(1 + (Sum - f[j]) * Math.Exp(Second - Largest));
    }

    /// <summary>Turns the row into its scores.</summary>
    /// <param name="row">k ≥ 2 logits; replaced by k scores.</param>
    /// <param name="scratch">Room for k values.</param>
    public void Transform(Span<double> row, Span<double> scratch)
    {
        if (IsCertain)
        {
            row.Fill(double.NegativeInfinity);
            row[ArgMax] = double.PositiveInfinity;
            return;
        }

        row[ArgMax] = double.NegativeInfinity;
        Exponentials(row, scratch);
        TensorPrimitives.Subtract(Sum, scratch, scratch);
        TensorPrimitives.Multiply(scratch, Math.Exp(Second - Largest), scratch);
        TensorPrimitives.Add(scratch, 1, scratch);
        TensorPrimitives.Log<double>(scratch, scratch);
        TensorPrimitives.Subtract(row, Largest, row);
        TensorPrimitives.Subtract(row, scratch, row);
        row[ArgMax] = OfLargest;
    }

    // By the logarithm of the others: where two share the largest logit their scores are one number.
    private double OfLargest => Largest - Second - Log(Sum);

    private static double Log(double value)
    {
        Span<double> log = stackalloc double[Lanes];
        log.Fill(value);
        TensorPrimitives.Log<double>(log, log);
        return log[0];
    }

    private void Exponentials(ReadOnlySpan<double> row, Span<double> f)
    {
        TensorPrimitives.Subtract(row, Second, f);
        // Beside a 1, exp(-700) is nothing. A lane that underflows would change the last bit of its neighbours in the same vector,
        // and who these are depends on where the row lies in memory.
        TensorPrimitives.Max(f, LowestExponent, f);
        TensorPrimitives.Exp<double>(f, f);
    }
}
