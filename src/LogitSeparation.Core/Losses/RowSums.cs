using System.Numerics;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Losses;

/// <summary>Sums over a row of float32 numbers, added in float64 in an order that depends on nothing but the processor's vectors.</summary>
internal static class RowSums
{
    /// <summary>Σ x.</summary>
    public static double Sum(ReadOnlySpan<float> x)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(x);
        var sum = Vector<double>.Zero;
        foreach (var vector in vectors)
        {
            Vector.Widen(vector, out var low, out var high);
            sum += low + high;
        }

        var total = Vector.Sum(sum);
        for (var j = vectors.Length * Vector<float>.Count; j < x.Length; j++)
            total += x[j];
        return total;
    }

    /// <summary>Σ x y; products in float64 do not leave the range.</summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        var sum = Vector<double>.Zero;
        for (var j = 0; j < xs.Length; j++)
        {
            Vector.Widen(xs[j], out var lowX, out var highX);
            Vector.Widen(ys[j], out var lowY, out var highY);
            sum += (lowX * lowY) + (highX * highY);
        }

        var total = Vector.Sum(sum);
        for (var j = xs.Length * Vector<float>.Count; j < x.Length; j++)
            total += (double)x[j] * y[j];
        return total;
    }

    /// <summary>Σ x of float64 numbers, in their order.</summary>
    public static double Sum(double[] x)
    {
        var sum = 0.0;
        foreach (var value in x)
            sum += value;
        return sum;
    }
}
