using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LogitSeparation.Core.Indexing;

namespace LogitSeparation.Core.Inference;

/// <summary>
/// Products of rows of weights with examples, z += w · x, in float32 by one thread. Few examples are multiplied row by row, as memory allows;
/// many in tiles of three rows and four examples, so that each number that was loaded is used several times.
/// </summary>
internal static unsafe class RowProduct
{
    private const int Lanes = 8;
    private const int TileRows = 3;
    private const int TileExamples = 4;

    // So much of so many examples stays in a cache of the second level while rows pass by.
    private const int SliceFeatures = 512;
    private const int BlockExamples = 64;

    /// <summary>Adds the products.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="x">The examples.</param>
    /// <param name="d">The number of features.</param>
    /// <param name="z">In and out: n x rowCount.</param>
    public static void Add(float* rows, nint stride, int rowCount, FeatureRows x, int d, float* z)
    {
        if (x.Count < TileExamples || rowCount < TileRows)
        {
            AddOneByOne(rows, stride, rowCount, rowCount, x, d, z);
            return;
        }

        for (var first = 0; first < x.Count; first += BlockExamples)
        {
            var block = x.Slice(first, Math.Min(BlockExamples, x.Count - first));
            for (var from = 0; from < d; from += SliceFeatures)
                AddSlice(rows + from, stride, rowCount, block.From(from), Math.Min(SliceFeatures, d - from), z + ((nint)first * rowCount));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSlice(float* rows, nint stride, int rowCount, FeatureRows x, int d, float* z)
    {
        var (wholeRows, wholeExamples) = (rowCount - (rowCount % TileRows), x.Count - (x.Count % TileExamples));
        for (var r = 0; r < wholeRows; r += TileRows)
        {
            var w = rows + (r * stride);
            for (var i = 0; i < wholeExamples; i += TileExamples)
                AddTile(w, stride, x[i], x.Stride, d, z + ((nint)i * rowCount) + r, rowCount);
        }

        if (wholeExamples < x.Count)
            AddOneByOne(rows, stride, wholeRows, rowCount, x.Slice(wholeExamples, x.Count - wholeExamples), d, z + ((nint)wholeExamples * rowCount));
        if (wholeRows < rowCount)
            AddOneByOne(rows + (wholeRows * stride), stride, rowCount - wholeRows, rowCount, x, d, z + wholeRows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOneByOne(float* rows, nint stride, int rowCount, int zStride, FeatureRows x, int d, float* z)
    {
        for (var r = 0; r < rowCount; r++)
        {
            var w = rows + (r * stride);
            for (var i = 0; i < x.Count; i++)
                z[((nint)i * zStride) + r] += DotProduct.Single(x[i], w, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(float* w, nint stride, float* x, nint xStride, int d, float* z, nint zStride)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        Vector256<float> c0 = default, c1 = default, c2 = default, e0 = default, e1 = default, e2 = default;
        var (w1, w2, x1, x2, x3) = ((nint)(w + stride), (nint)(w + (2 * stride)), (nint)(x + xStride), (nint)(x + (2 * xStride)), (nint)(x + (3 * xStride)));
        var whole = d - (d % Lanes);
        for (var f = 0; f < whole; f += Lanes)
        {
            var (v0, v1, v2) = (Vector256.Load(w + f), Vector256.Load((float*)w1 + f), Vector256.Load((float*)w2 + f));
            var u = Vector256.Load(x + f);
            (a0, a1, a2) = (Fused(u, v0, a0), Fused(u, v1, a1), Fused(u, v2, a2));
            u = Vector256.Load((float*)x1 + f);
            (b0, b1, b2) = (Fused(u, v0, b0), Fused(u, v1, b1), Fused(u, v2, b2));
            u = Vector256.Load((float*)x2 + f);
            (c0, c1, c2) = (Fused(u, v0, c0), Fused(u, v1, c1), Fused(u, v2, c2));
            u = Vector256.Load((float*)x3 + f);
            (e0, e1, e2) = (Fused(u, v0, e0), Fused(u, v1, e1), Fused(u, v2, e2));
        }

        AddRow(z, a0, a1, a2);
        AddRow(z + zStride, b0, b1, b2);
        AddRow(z + (2 * zStride), c0, c1, c2);
        AddRow(z + (3 * zStride), e0, e1, e2);
        for (var f = whole; f < d; f++)
            AddFeature(w + f, stride, x + f, xStride, z, zStride);
    }

    private static void AddFeature(float* w, nint stride, float* x, nint xStride, float* z, nint zStride)
    {
        for (var i = 0; i < TileExamples; i++)
        {
            for (var r = 0; r < TileRows; r++)
                z[(i * zStride) + r] += x[i * xStride] * w[r * stride];
        }
    }

    private static void AddRow(float* z, Vector256<float> first, Vector256<float> second, Vector256<float> third)
    {
        z[0] += Vector256.Sum(first);
        z[1] += Vector256.Sum(second);
        z[2] += Vector256.Sum(third);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fused(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Fma.IsSupported ? Fma.MultiplyAdd(x, y, z) : (x * y) + z;
}
