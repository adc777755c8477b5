using System.Numerics;

namespace LogitSeparation.Core.Classes;

/// <summary>
/// Products of rows of numbers, always by the same operations in the same order. Those of System.Numerics.Tensors, and
/// Vector.Sum, may round in another order once the compiler has optimised them, and a fit would not be the same twice.
/// </summary>
internal static class RowProducts
{
    /// <summary>Σ a_j b_j in float32.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (sums, more, j) = (Vector<float>.Zero, Vector<float>.Zero, 0);
        for (; j <= a.Length - (2 * Vector<float>.Count); j += 2 * Vector<float>.Count)
        {
            sums += new Vector<float>(a[j..]) * new Vector<float>(b[j..]);
            more += new Vector<float>(a[(j + Vector<float>.Count)..]) * new Vector<float>(b[(j + Vector<float>.Count)..]);
        }

        var sum = 0f;
        sums += more;
        for (var i = 0; i < Vector<float>.Count; i++)
            sum += sums[i];
        for (; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }

    /// <summary>Σ a_j b_j in float64.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }

    /// <summary>target + t a in place of target.</summary>
    public static void AddScaled(ReadOnlySpan<float> a, float t, Span<float> target)
    {
        var j = 0;
        for (; j <= a.Length - Vector<float>.Count; j += Vector<float>.Count)
            ((new Vector<float>(a[j..]) * t) + new Vector<float>(target[j..])).CopyTo(target[j..]);
        for (; j < a.Length; j++)
            target[j] += a[j] * t;
    }

    /// <summary>a + t b.</summary>
    public static double[] Along(double[] a, double[] b, double t)
    {
        var result = new double[a.Length];
        for (var j = 0; j < a.Length; j++)
            result[j] = a[j] + (t * b[j]);
        return result;
    }
}
