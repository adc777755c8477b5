using System.Numerics;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// Batch normalisation and ReLU of an m x units table in one go, forward and backward, on the CPU. A block of columns stays
/// in the first-level cache for all its passes, where an operation of libtorch after another sends the whole table through
/// memory each time: on the paper's MLP that is a tenth of the step. Sums are float32 over at most 64 rows, float64 above.
/// </summary>
internal static class BatchNormKernel
{
    private const int BlockColumns = 64;
    private const int BlockRows = 64;

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
        Span<double> sums = stackalloc double[BlockColumns];
        for (var first = 0; first < units; first += BlockColumns)
        {
            var width = Math.Min(BlockColumns, units - first);
            var means = mean.Slice(first, width);
            var inverses = inverseDeviation.Slice(first, width);
            SumColumns(table, units, first, default, sums[..width]);
            for (var j = 0; j < width; j++)
                means[j] = (float)(sums[j] / m);
            SumColumns(table, units, first, means, sums[..width]);
            for (var j = 0; j < width; j++)
            {
                variance[first + j] = (float)(sums[j] / m);
                inverses[j] = (float)(1 / Math.Sqrt((sums[j] / m) + epsilon));
            }

            for (var row = 0; row < m; row++)
            {
                var at = (row * units) + first;
                Normalize(table.Slice(at, width), output.Slice(at, width), means, inverses, scale.Slice(first, width), shift.Slice(first, width));
            }
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
        Span<double> scaleSums = stackalloc double[BlockColumns];
        Span<double> shiftSums = stackalloc double[BlockColumns];
        Span<float> factor = stackalloc float[BlockColumns];
        Span<float> scaleMean = stackalloc float[BlockColumns];
        Span<float> shiftMean = stackalloc float[BlockColumns];
        for (var first = 0; first < units; first += BlockColumns)
        {
            var width = Math.Min(BlockColumns, units - first);
            SumGradients(gradient, normalized, output, units, first, scaleSums[..width], shiftSums[..width]);
            for (var j = 0; j < width; j++)
            {
                scaleGradient[first + j] = (beta * scaleGradient[first + j]) + (float)scaleSums[j];
                shiftGradient[first + j] = (beta * shiftGradient[first + j]) + (float)shiftSums[j];
                factor[j] = scale[first + j] * inverseDeviation[first + j];
                scaleMean[j] = (float)(scaleSums[j] / m);
                shiftMean[j] = (float)(shiftSums[j] / m);
            }

            for (var row = 0; row < m; row++)
            {
                var at = (row * units) + first;
                Propagate(gradient.Slice(at, width), normalized.Slice(at, width), factor, scaleMean, shiftMean);
            }
        }
    }

    /// <summary>Σ x of each column of a block, or Σ (x - centre)² where centres are given.</summary>
    private static void SumColumns(ReadOnlySpan<float> table, int units, int first, ReadOnlySpan<float> centre, Span<double> sums)
    {
        Span<float> partial = stackalloc float[BlockColumns];
        sums.Clear();
        for (var (start, m) = (0, table.Length / units); start < m; start += BlockRows)
        {
            partial.Clear();
            for (var row = start; row < Math.Min(start + BlockRows, m); row++)
                AddRow(table.Slice((row * units) + first, sums.Length), centre, partial);
            for (var j = 0; j < sums.Length; j++)
                sums[j] += partial[j];
        }
    }

    private static void AddRow(ReadOnlySpan<float> row, ReadOnlySpan<float> centre, Span<float> sums)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var vectorSums = MemoryMarshal.Cast<float, Vector<float>>(sums);
        var vectorCentres = MemoryMarshal.Cast<float, Vector<float>>(centre);
        for (var j = 0; j < vectors.Length; j++)
        {
            var x = centre.IsEmpty ? vectors[j] : vectors[j] - vectorCentres[j];
            vectorSums[j] += centre.IsEmpty ? x : x * x;
        }

        for (var j = vectors.Length * Vector<float>.Count; j < row.Length; j++)
        {
            var x = centre.IsEmpty ? row[j] : row[j] - centre[j];
            sums[j] += centre.IsEmpty ? x : x * x;
        }
    }

    private static void Normalize(
        Span<float> row, Span<float> output, ReadOnlySpan<float> mean, ReadOnlySpan<float> inverse, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var outputs = MemoryMarshal.Cast<float, Vector<float>>(output);
        var means = MemoryMarshal.Cast<float, Vector<float>>(mean);
        var inverses = MemoryMarshal.Cast<float, Vector<float>>(inverse);
        var scales = MemoryMarshal.Cast<float, Vector<float>>(scale);
        var shifts = MemoryMarshal.Cast<float, Vector<float>>(shift);
        for (var j = 0; j < vectors.Length; j++)
        {
            var n = (vectors[j] - means[j]) * inverses[j];
            vectors[j] = n;
            outputs[j] = Rectify((n * scales[j]) + shifts[j]);
        }

        for (var j = vectors.Length * Vector<float>.Count; j < row.Length; j++)
        {
            var n = (row[j] - mean[j]) * inverse[j];
            row[j] = n;
            var h = (n * scale[j]) + shift[j];
            output[j] = h <= 0 ? 0 : h;
        }
    }

    private static void SumGradients(
        Span<float> gradient, ReadOnlySpan<float> normalized, ReadOnlySpan<float> output, int units, int first,
        Span<double> scaleSums, Span<double> shiftSums)
    {
        Span<float> scalePartial = stackalloc float[BlockColumns];
        Span<float> shiftPartial = stackalloc float[BlockColumns];
        scaleSums.Clear();
        shiftSums.Clear();
        var width = scaleSums.Length;
        for (var (start, m) = (0, gradient.Length / units); start < m; start += BlockRows)
        {
            scalePartial.Clear();
            shiftPartial.Clear();
            for (var row = start; row < Math.Min(start + BlockRows, m); row++)
            {
                var at = (row * units) + first;
                MaskAndAdd(gradient.Slice(at, width), normalized.Slice(at, width), output.Slice(at, width), scalePartial, shiftPartial);
            }

            for (var j = 0; j < width; j++)
            {
                scaleSums[j] += scalePartial[j];
                shiftSums[j] += shiftPartial[j];
            }
        }
    }

    private static void MaskAndAdd(
        Span<float> gradient, ReadOnlySpan<float> normalized, ReadOnlySpan<float> output, Span<float> scaleSums, Span<float> shiftSums)
    {
        var gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var normals = MemoryMarshal.Cast<float, Vector<float>>(normalized);
        var outputs = MemoryMarshal.Cast<float, Vector<float>>(output);
        var scales = MemoryMarshal.Cast<float, Vector<float>>(scaleSums);
        var shifts = MemoryMarshal.Cast<float, Vector<float>>(shiftSums);
        for (var j = 0; j < gradients.Length; j++)
        {
            var g = Vector.ConditionalSelect(Vector.Equals(outputs[j], Vector<float>.Zero), Vector<float>.Zero, gradients[j]);
            gradients[j] = g;
            scales[j] += g * normals[j];
            shifts[j] += g;
        }

        for (var j = gradients.Length * Vector<float>.Count; j < gradient.Length; j++)
        {
            var g = output[j] == 0 ? 0 : gradient[j];
            gradient[j] = g;
            scaleSums[j] += g * normalized[j];
            shiftSums[j] += g;
        }
    }

    private static void Propagate(
        Span<float> gradient, ReadOnlySpan<float> normalized, ReadOnlySpan<float> factor, ReadOnlySpan<float> scaleMean, ReadOnlySpan<float> shiftMean)
    {
        var gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var normals = MemoryMarshal.Cast<float, Vector<float>>(normalized);
        var factors = MemoryMarshal.Cast<float, Vector<float>>(factor);
        var scales = MemoryMarshal.Cast<float, Vector<float>>(scaleMean);
        var shifts = MemoryMarshal.Cast<float, Vector<float>>(shiftMean);
        for (var j = 0; j < gradients.Length; j++)
            gradients[j] = (gradients[j] - shifts[j] - (normals[j] * scales[j])) * factors[j];
        for (var j = gradients.Length * Vector<float>.Count; j < gradient.Length; j++)
            gradient[j] = (gradient[j] - shiftMean[j] - (normalized[j] * scaleMean[j])) * factor[j];
    }

    /// <summary>max(0, x), and NaN where x is NaN, so that a diverging training is noticed.</summary>
    private static Vector<float> Rectify(Vector<float> x) =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<float>.Zero), Vector<float>.Zero, x);
}
