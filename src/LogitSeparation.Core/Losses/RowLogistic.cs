using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Losses;

/// <summary>The logistic function σ of a row and the sum of log(1 + e^x) = -log(1 - σ(x)) over it, which share e = e^-|x|.</summary>
internal static class RowLogistic
{
    /// <summary>So few factors of at most 2 that their product stays within float64, and that they stay in the first-level cache.</summary>
    private const int Stretch = 512;

    /// <summary>A sum of e below which log(1 + e) is e - e²/2 to a rounding of float32, and a product of 1 + e would lose digits.</summary>
    private const double Small = 1e-4;

    /// <summary>Replaces each x of a row by c σ(x).</summary>
    /// <param name="row">k numbers.</param>
    /// <param name="factor">c.</param>
    /// <returns>Σ_j log(1 + e^x_j).</returns>
    public static double Replace(Span<float> row, float factor)
    {
        var sum = 0.0;
        for (var first = 0; first < row.Length; first += Stretch)
            sum += ReplaceStretch(row.Slice(first, Math.Min(Stretch, row.Length - first)), factor);
        return sum;
    }

    /// <summary>Replaces each x of a row by c w σ(x).</summary>
    /// <param name="row">k numbers.</param>
    /// <param name="factor">c.</param>
    /// <param name="weights">w, k numbers.</param>
    /// <returns>Σ_j w_j log(1 + e^x_j).</returns>
    public static double Replace(Span<float> row, float factor, ReadOnlySpan<float> weights)
    {
        Span<float> decay = stackalloc float[Stretch];
        Span<float> logarithm = stackalloc float[Stretch];
        var sum = 0.0;
        for (var first = 0; first < row.Length; first += Stretch)
        {
            var length = Math.Min(Stretch, row.Length - first);
            var w = weights.Slice(first, length);
            sum += ReplaceWeighted(row.Slice(first, length), factor, w, decay[..length]);
            TensorPrimitives.Add(decay[..length], 1, logarithm[..length]);
            TensorPrimitives.Log(logarithm[..length], logarithm[..length]);
            sum += SumLogarithms(decay[..length], logarithm[..length], w);
        }

        return sum;
    }

    /// <summary>log(1 + e^x) of one number.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>σ(x) of one number.</summary>
    public static double Logistic(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    /// <summary>Σ log(1 + e) is the logarithm of the product of 1 + e: one logarithm for a stretch instead of one a number.</summary>
    private static double ReplaceStretch(Span<float> row, float factor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var (factors, zero, one) = (new Vector<float>(factor), Vector<float>.Zero, Vector<double>.One);
        var (lowProduct, highProduct, decaySum, positiveSum) = (one, one, Vector<double>.Zero, Vector<double>.Zero);
        var squareSum = Vector<float>.Zero;
        for (var j = 0; j < vectors.Length; j++)
        {
            var x = vectors[j];
            var e = DecayingExponential.Of(-Vector.Abs(x));
            vectors[j] = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, zero), factors, factors * e) / (Vector<float>.One + e);
            Vector.Widen(e, out var low, out var high);
            lowProduct *= one + low;
            highProduct *= one + high;
            decaySum += low + high;
            squareSum += e * e;
            Vector.Widen(Vector.ConditionalSelect(Vector.GreaterThan(x, zero), x, zero), out low, out high);
            positiveSum += low + high;
        }

        var (product, decay, positive) = (1.0, Vector.Sum(decaySum), Vector.Sum(positiveSum));
        double square = Vector.Sum(squareSum);
        for (var j = 0; j < Vector<double>.Count; j++)
            product *= lowProduct[j] * highProduct[j];
        for (var j = vectors.Length * Vector<float>.Count; j < row.Length; j++)
        {
            var e = DecayingExponential.Of(-MathF.Abs(row[j]));
            product *= 1.0 + e;
            decay += e;
            square += e * e;
            positive += Math.Max(row[j], 0);
            row[j] = (row[j] >= 0 ? factor : factor * e) / (1 + e);
        }

        return positive + (decay < Small ? decay - (square / 2) : Math.Log(product));
    }

    /// <summary>Replaces each x of a stretch by c w σ(x), and leaves e.</summary>
    /// <returns>Σ_j w_j max(0, x_j).</returns>
    private static double ReplaceWeighted(Span<float> row, float factor, ReadOnlySpan<float> weights, Span<float> decay)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var decays = MemoryMarshal.Cast<float, Vector<float>>(decay);
        var weightVectors = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var sum = Vector<double>.Zero;
        for (var j = 0; j < vectors.Length; j++)
        {
            var (x, w) = (vectors[j], weightVectors[j]);
            var e = DecayingExponential.Of(-Vector.Abs(x));
            var positive = Vector.GreaterThan(x, Vector<float>.Zero);
            decays[j] = e;
            vectors[j] = w * factor * Vector.ConditionalSelect(positive, Vector<float>.One, e) / (Vector<float>.One + e);
            sum += WeightedSum(Vector.ConditionalSelect(positive, x, Vector<float>.Zero), w);
        }

        var total = Vector.Sum(sum);
        for (var j = vectors.Length * Vector<float>.Count; j < row.Length; j++)
        {
            var e = decay[j] = DecayingExponential.Of(-MathF.Abs(row[j]));
            total += (double)weights[j] * Math.Max(row[j], 0);
            row[j] = weights[j] * factor * (row[j] > 0 ? 1 : e) / (1 + e);
        }

        return total;
    }

    /// <summary>Σ_j w_j log(1 + e_j) from the logarithms of 1 + e as rounded, as <see cref="LogOnePlus"/> makes exact ones of them.</summary>
    private static double SumLogarithms(ReadOnlySpan<float> decay, ReadOnlySpan<float> logarithm, ReadOnlySpan<float> weights)
    {
        var decays = MemoryMarshal.Cast<float, Vector<float>>(decay);
        var logarithms = MemoryMarshal.Cast<float, Vector<float>>(logarithm);
        var weightVectors = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var sum = Vector<double>.Zero;
        for (var j = 0; j < decays.Length; j++)
        {
            var d = Vector<float>.One + decays[j];
            var exact = logarithms[j] * (decays[j] / (d - Vector<float>.One));
            sum += WeightedSum(Vector.ConditionalSelect(Vector.Equals(d, Vector<float>.One), decays[j], exact), weightVectors[j]);
        }

        var total = Vector.Sum(sum);
        for (var j = decays.Length * Vector<float>.Count; j < decay.Length; j++)
            total += weights[j] * LogOnePlus(decay[j]);
        return total;
    }

    /// <summary>Two by two in float64, where no sum leaves the range.</summary>
    private static Vector<double> WeightedSum(Vector<float> values, Vector<float> weights)
    {
        Vector.Widen(values, out var low, out var high);
        Vector.Widen(weights, out var lowWeight, out var highWeight);
        return (low * lowWeight) + (high * highWeight);
    }

    /// <summary>log(1 + e) for e from 0 to 1; e / (d - 1) takes the rounding of d = 1 + e out again.</summary>
    private static double LogOnePlus(double e)
    {
        var d = 1 + e;
        return d == 1 ? e : Math.Log(d) * (e / (d - 1));
    }
}
