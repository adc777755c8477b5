using System.Numerics;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Losses;

/// <summary>Smooth ranks: Σ_j σ((z_j - t) / τ) over a row, and their slopes. Numbers at negative infinity add nothing.</summary>
internal static class RowRank
{
    /// <summary>Σ_j σ((z_j - t) / τ), added in float64.</summary>
    /// <param name="row">k numbers.</param>
    /// <param name="threshold">t.</param>
    /// <param name="inverse">1/τ.</param>
    public static double Sum(ReadOnlySpan<float> row, float threshold, float inverse)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var (t, one) = (new Vector<float>(threshold), Vector<float>.One);
        var sum = Vector<double>.Zero;
        foreach (var z in vectors)
        {
            var x = (z - t) * inverse;
            var e = DecayingExponential.Of(-Vector.Abs(x));
            Vector.Widen(Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), one, e) / (one + e), out var low, out var high);
            sum += low + high;
        }

        var total = Vector.Sum(sum);
        for (var j = vectors.Length * Vector<float>.Count; j < row.Length; j++)
        {
            var x = (row[j] - threshold) * inverse;
            var e = DecayingExponential.Of(-MathF.Abs(x));
            total += (x > 0 ? 1 : e) / (1 + e);
        }

        return total;
    }

    /// <summary>Adds w σ'((z_j - t) / τ), with σ' = σ(1 - σ), to each number of another row.</summary>
    /// <param name="row">k numbers.</param>
    /// <param name="threshold">t.</param>
    /// <param name="inverse">1/τ.</param>
    /// <param name="weight">w.</param>
    /// <param name="slopes">Where to, k numbers.</param>
    /// <returns>The sum of what was added.</returns>
    public static double AddSlopes(ReadOnlySpan<float> row, float threshold, float inverse, float weight, Span<float> slopes)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var results = MemoryMarshal.Cast<float, Vector<float>>(slopes);
        var (t, one) = (new Vector<float>(threshold), Vector<float>.One);
        var sum = Vector<double>.Zero;
        for (var j = 0; j < vectors.Length; j++)
        {
            var e = DecayingExponential.Of(-Vector.Abs((vectors[j] - t) * inverse));
            var d = one + e;
            var slope = weight * e / (d * d);
            results[j] += slope;
            Vector.Widen(slope, out var low, out var high);
            sum += low + high;
        }

        var total = Vector.Sum(sum);
        for (var j = vectors.Length * Vector<float>.Count; j < row.Length; j++)
        {
            var slope = weight * (float)Slope((row[j] - threshold) * inverse);
            slopes[j] += slope;
            total += slope;
        }

        return total;
    }

    /// <summary>σ'(x) of one number.</summary>
    public static double Slope(float x)
    {
        var e = DecayingExponential.Of(-MathF.Abs(x));
        return e / ((1 + e) * (1 + e));
    }
}
