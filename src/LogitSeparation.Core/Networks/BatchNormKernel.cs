using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// Batch normalisation and ReLU of an m x units table in one go, forward and backward, on the CPU. The columns of one pair of
/// vectors stay in the first-level cache for all their passes, where an operation of libtorch after another sends the whole
/// table through memory each time. Sums are float32 over at most 64 rows, float64 above.
/// </summary>
internal static class BatchNormKernel
{
    private const int BlockRows = 64;

    private static int PairWidth => 2 * Vector<float>.Count;

    /// <summary>n = (a - mean) / sqrt(var + ε) in place of a, and h = max(0, γ n + β).</summary>
    /// <param name="table">In: a, m x units. Out: n.</param>
    /// <param name="output">Out: h, m x units.</param>
    /// <param name="scale">γ.</param>
    /// <param name="shift">β.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="mean">Out: each column's mean.</param>
    /// <param name="variance">Out: each column's variance, the sum of squares over m.</param>
    /// <param name="inverseDeviation">Out: 1 / sqrt(var + ε).</param>
    public static void Forward(
        Span<float> table, Span<float> output, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, double epsilon,
        Span<float> mean, Span<float> variance, Span<float> inverseDeviation)
    {
        var units = scale.Length;
        var m = table.Length / units;
        Span<double> sums = stackalloc double[PairWidth];
        for (var (first, width) = (0, 0); first < units; first += width)
        {
            width = Width(units - first);
            var means = mean.Slice(first, width);
            SumColumns(table[first..], units, m, sums[..width]);
            for (var j = 0; j < width; j++)
                means[j] = (float)(sums[j] / m);
            SumSquares(table[first..], units, m, means, sums[..width]);
            for (var j = 0; j < width; j++)
            {
                variance[first + j] = (float)(sums[j] / m);
                inverseDeviation[first + j] = (float)(1 / Math.Sqrt((sums[j] / m) + epsilon));
            }

            Normalize(table[first..], output[first..], units, m, means, inverseDeviation[first..], scale[first..], shift[first..]);
        }
    }

    /// <summary>
    /// From the derivative by h to that by a: γ/σ (g - mean g - n mean(g n)) with g = ∂/∂h where h is positive; and the
    /// gathered gradients of γ and β, each beta times what it was plus Σ g n and Σ g.
    /// </summary>
    /// <param name="gradient">In: the derivative by h, m x units. Out: that by a.</param>
    /// <param name="normalized">n.</param>
    /// <param name="output">h.</param>
    /// <param name="scale">γ.</param>
    /// <param name="inverseDeviation">1/σ.</param>
    /// <param name="beta">0 to 1.</param>
    /// <param name="scaleGradient">The gathered gradient of γ.</param>
    /// <param name="shiftGradient">The gathered gradient of β.</param>
    public static void Backward(
        Span<float> gradient, ReadOnlySpan<float> normalized, ReadOnlySpan<float> output, ReadOnlySpan<float> scale,
        ReadOnlySpan<float> inverseDeviation, float beta, Span<float> scaleGradient, Span<float> shiftGradient)
    {
        var units = scale.Length;
        var m = gradient.Length / units;
        Span<double> scaleSums = stackalloc double[PairWidth];
        Span<double> shiftSums = stackalloc double[PairWidth];
        Span<float> factor = stackalloc float[PairWidth];
        Span<float> scaleMean = stackalloc float[PairWidth];
        Span<float> shiftMean = stackalloc float[PairWidth];
        for (var (first, width) = (0, 0); first < units; first += width)
        {
            width = Width(units - first);
            SumGradients(gradient[first..], normalized[first..], output[first..], units, m, scaleSums[..width], shiftSums[..width]);
            for (var j = 0; j < width; j++)
            {
                scaleGradient[first + j] = (beta * scaleGradient[first + j]) + (float)scaleSums[j];
                shiftGradient[first + j] = (beta * shiftGradient[first + j]) + (float)shiftSums[j];
                factor[j] = scale[first + j] * inverseDeviation[first + j];
                scaleMean[j] = (float)(scaleSums[j] / m);
                shiftMean[j] = (float)(shiftSums[j] / m);
            }

            Propagate(gradient[first..], normalized[first..], output[first..], units, m, factor[..width], scaleMean, shiftMean);
        }
    }

    /// <summary>A pair of vectors, or, of the columns that are left then, one.</summary>
    private static int Width(int left) => left >= PairWidth ? PairWidth : 1;

    private static void SumColumns(ReadOnlySpan<float> table, int units, int m, Span<double> sums)
    {
        sums.Clear();
        for (var start = 0; start < m; start += BlockRows)
        {
            var end = Math.Min(start + BlockRows, m);
            if (sums.Length == 1)
            {
                for (var row = start; row < end; row++)
                    sums[0] += table[row * units];
                continue;
            }

            var (low, high) = (Vector<float>.Zero, Vector<float>.Zero);
            for (var row = start; row < end; row++)
            {
                var (a, b) = Load(table, row * units);
                low += a;
                high += b;
            }

            Fold(low, high, sums);
        }
    }

    private static void SumSquares(ReadOnlySpan<float> table, int units, int m, ReadOnlySpan<float> centre, Span<double> sums)
    {
        sums.Clear();
        var (lowCentre, highCentre) = LoadIfPair(centre);
        for (var start = 0; start < m; start += BlockRows)
        {
            var end = Math.Min(start + BlockRows, m);
            if (sums.Length == 1)
            {
                for (var row = start; row < end; row++)
                    sums[0] += (table[row * units] - centre[0]) * (table[row * units] - centre[0]);
                continue;
            }

            var (low, high) = (Vector<float>.Zero, Vector<float>.Zero);
            for (var row = start; row < end; row++)
            {
                var (a, b) = Load(table, row * units);
                low += (a - lowCentre) * (a - lowCentre);
                high += (b - highCentre) * (b - highCentre);
            }

            Fold(low, high, sums);
        }
    }

    private static void Normalize(
        Span<float> table, Span<float> output, int units, int m, ReadOnlySpan<float> mean, ReadOnlySpan<float> inverse,
        ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        if (mean.Length == 1)
        {
            for (var row = 0; row < m; row++)
            {
                var n = table[row * units] = (table[row * units] - mean[0]) * inverse[0];
                var h = (n * scale[0]) + shift[0];
                output[row * units] = h <= 0 ? 0 : h;
            }

            return;
        }

        var ((mean0, mean1), (inverse0, inverse1)) = (Load(mean, 0), Load(inverse, 0));
        var ((scale0, scale1), (shift0, shift1)) = (Load(scale, 0), Load(shift, 0));
        for (var row = 0; row < m; row++)
        {
            var (low, high) = Load(table, row * units);
            low = (low - mean0) * inverse0;
            high = (high - mean1) * inverse1;
            Store(table, row * units, low, high);
            Store(output, row * units, Rectify((low * scale0) + shift0), Rectify((high * scale1) + shift1));
        }
    }

    private static void SumGradients(
        ReadOnlySpan<float> gradient, ReadOnlySpan<float> normalized, ReadOnlySpan<float> output, int units, int m,
        Span<double> scaleSums, Span<double> shiftSums)
    {
        scaleSums.Clear();
        shiftSums.Clear();
        for (var start = 0; start < m; start += BlockRows)
        {
            var end = Math.Min(start + BlockRows, m);
            if (scaleSums.Length == 1)
            {
                for (var at = start * units; at < end * units; at += units)
                {
                    scaleSums[0] += output[at] == 0 ? 0 : gradient[at] * normalized[at];
                    shiftSums[0] += output[at] == 0 ? 0 : gradient[at];
                }

                continue;
            }

            var (scale0, scale1, shift0, shift1) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            for (var at = start * units; at < end * units; at += units)
            {
                var (low, high) = LoadMasked(gradient, output, at);
                var (n0, n1) = Load(normalized, at);
                scale0 += low * n0;
                scale1 += high * n1;
                shift0 += low;
                shift1 += high;
            }

            Fold(scale0, scale1, scaleSums);
            Fold(shift0, shift1, shiftSums);
        }
    }

    private static void Propagate(
        Span<float> gradient, ReadOnlySpan<float> normalized, ReadOnlySpan<float> output, int units, int m,
        ReadOnlySpan<float> factor, ReadOnlySpan<float> scaleMean, ReadOnlySpan<float> shiftMean)
    {
        if (factor.Length == 1)
        {
            for (var at = 0; at < m * units; at += units)
            {
                var g = output[at] == 0 ? 0 : gradient[at];
                gradient[at] = (g - shiftMean[0] - (normalized[at] * scaleMean[0])) * factor[0];
            }

            return;
        }

        var ((factor0, factor1), (scale0, scale1), (shift0, shift1)) = (Load(factor, 0), Load(scaleMean, 0), Load(shiftMean, 0));
        for (var at = 0; at < m * units; at += units)
        {
            var (low, high) = LoadMasked(gradient, output, at);
            var (n0, n1) = Load(normalized, at);
            Store(gradient, at, (low - shift0 - (n0 * scale0)) * factor0, (high - shift1 - (n1 * scale1)) * factor1);
        }
    }

    /// <summary>The derivative by h where h is positive, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<float> Low, Vector<float> High) LoadMasked(ReadOnlySpan<float> gradient, ReadOnlySpan<float> output, int at)
    {
        var (low, high) = Load(gradient, at);
        var (h0, h1) = Load(output, at);
        return (Vector.ConditionalSelect(Vector.Equals(h0, Vector<float>.Zero), Vector<float>.Zero, low),
            Vector.ConditionalSelect(Vector.Equals(h1, Vector<float>.Zero), Vector<float>.Zero, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<float> Low, Vector<float> High) Load(ReadOnlySpan<float> values, int at)
    {
        // One check for both: a span's own checks cost more than the arithmetic.
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)at + (uint)PairWidth, (uint)values.Length);
        ref var start = ref MemoryMarshal.GetReference(values);
        return (Vector.LoadUnsafe(ref start, (nuint)at), Vector.LoadUnsafe(ref start, (nuint)(at + Vector<float>.Count)));
    }

    private static (Vector<float> Low, Vector<float> High) LoadIfPair(ReadOnlySpan<float> values) =>
        values.Length == 1 ? default : Load(values, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<float> values, int at, Vector<float> low, Vector<float> high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)at + (uint)PairWidth, (uint)values.Length);
        ref var start = ref MemoryMarshal.GetReference(values);
        low.StoreUnsafe(ref start, (nuint)at);
        high.StoreUnsafe(ref start, (nuint)(at + Vector<float>.Count));
    }

    private static void Fold(Vector<float> low, Vector<float> high, Span<double> sums)
    {
        for (var j = 0; j < Vector<float>.Count; j++)
        {
            sums[j] += low[j];
            sums[j + Vector<float>.Count] += high[j];
        }
    }

    /// <summary>max(0, x), and NaN where x is NaN, so that a diverging training is noticed.</summary>
    private static Vector<float> Rectify(Vector<float> x) =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<float>.Zero), Vector<float>.Zero, x);
}
