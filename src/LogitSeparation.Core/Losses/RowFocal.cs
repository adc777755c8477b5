using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Losses;

/// <summary>f(x) = σ(x)^γ log(1 + e^x) of a row and its slope, which share e = e^-|x| and log(1 + e).</summary>
internal static class RowFocal
{
    private const int Stretch = 512;

    /// <summary>Replaces each x of a row by c f'(x).</summary>
    /// <param name="row">k numbers.</param>
    /// <param name="factor">c.</param>
    /// <param name="gamma">γ.</param>
    /// <returns>Σ_j f(x_j).</returns>
    public static double Replace(Span<float> row, float factor, float gamma)
    {
        Span<float> decay = stackalloc float[Stretch];
        Span<float> logarithm = stackalloc float[Stretch];
        Span<float> padded = stackalloc float[Vector<float>.Count];
        var sum = 0.0;
        for (var first = 0; first < row.Length; first += Stretch)
        {
            var stretch = row.Slice(first, Math.Min(Stretch, row.Length - first));
            var whole = stretch.Length - (stretch.Length % Vector<float>.Count);
            sum += ReplaceVectors(stretch[..whole], decay, logarithm, factor, gamma);
            var rest = stretch[whole..];
            if (rest.IsEmpty)
                continue;

            // f is 0 far below.
            padded.Fill(-float.MaxValue);
            rest.CopyTo(padded);
            sum += ReplaceVectors(padded, decay, logarithm, factor, gamma);
            padded[..rest.Length].CopyTo(rest);
        }

        return sum;
    }

    private static double ReplaceVectors(Span<float> row, Span<float> decay, Span<float> logarithm, float factor, float gamma)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var decays = MemoryMarshal.Cast<float, Vector<float>>(decay);
        var logarithms = MemoryMarshal.Cast<float, Vector<float>>(logarithm);
        for (var j = 0; j < vectors.Length; j++)
            logarithms[j] = Vector<float>.One + (decays[j] = DecayingExponential.Of(-Vector.Abs(vectors[j])));
        TensorPrimitives.Log(logarithm[..row.Length], logarithm[..row.Length]);
        var (zero, one) = (Vector<float>.Zero, Vector<float>.One);
        var sum = Vector<double>.Zero;
        for (var j = 0; j < vectors.Length; j++)
        {
            var (x, e) = (vectors[j], decays[j]);
            var d = one + e;
            var log = Vector.ConditionalSelect(Vector.Equals(d, one), e, logarithms[j] * (e / (d - one)));
            var isPositive = Vector.GreaterThan(x, zero);
            var above = Vector.ConditionalSelect(isPositive, x, zero) + log;
            var below = Vector.ConditionalSelect(isPositive, zero, -x) + log;
            var weight = DecayingExponential.Of(-gamma * below);
            var high = one / d;
            var low = e / d;
            var logistic = Vector.ConditionalSelect(isPositive, high, low);
            var complement = Vector.ConditionalSelect(isPositive, low, high);
            vectors[j] = factor * weight * ((gamma * complement * above) + logistic);
            Vector.Widen(weight * above, out var lowTerms, out var highTerms);
            sum += lowTerms + highTerms;
        }

        return Vector.Sum(sum);
    }
}
