using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Data.Pictures;

/// <summary>
/// Scales a part of a picture: bilinear, and where it shrinks the triangle is as much wider (so that no pixel is left out), as
/// Pillow's and torchvision's antialiased resizing do. All in float32 without fused operations, so the bits are the same on any processor.
/// </summary>
internal static class PictureResize
{
    private const int Lanes = 4;

    /// <summary>Scales.</summary>
    /// <param name="source">The picture's pixels, four bytes each: red, green, blue, and one that is ignored.</param>
    /// <param name="rowBytes">The bytes from one row to the next.</param>
    /// <param name="left">Where the part begins, in columns; need not be whole.</param>
    /// <param name="top">Where the part begins, in rows.</param>
    /// <param name="size">The part's columns and rows.</param>
    /// <param name="bounds">The picture's columns and rows.</param>
    /// <param name="width">The columns of the result.</param>
    /// <param name="height">The rows of the result.</param>
    /// <param name="channels">1 for the red channel alone, 3 for all.</param>
    /// <param name="target">channels x height x width bytes.</param>
    public static void Scale(
        ReadOnlySpan<byte> source, int rowBytes, double left, double top, (double Width, double Height) size, (int Width, int Height) bounds,
        int width, int height, int channels, Span<byte> target)
    {
        var columns = PictureTaps.Create(left, size.Width, bounds.Width, width);
        var rows = PictureTaps.Create(top, size.Height, bounds.Height, height);
        var (firstColumn, columnCount) = (columns.Lowest, columns.Highest - columns.Lowest);
        var line = new float[columnCount * Lanes];
        for (var row = 0; row < height; row++)
        {
            line.AsSpan().Clear();
            var weights = rows.WeightsOf(row);
            for (var tap = 0; tap < weights.Length; tap++)
            {
                var start = ((rows.FirstOf(row) + tap) * rowBytes) + (firstColumn * Lanes);
                AddScaled(source.Slice(start, line.Length), weights[tap], line);
            }

            ScaleLine(line, columns, firstColumn, width, channels, target[(row * width)..], width * height);
        }
    }

    private static void AddScaled(ReadOnlySpan<byte> source, float weight, Span<float> line)
    {
        var bytes = MemoryMarshal.Cast<byte, Vector<byte>>(source);
        var sums = MemoryMarshal.Cast<float, Vector<float>>(line);
        var factor = new Vector<float>(weight);
        for (var i = 0; i < bytes.Length; i++)
        {
            Vector.Widen(bytes[i], out var low, out var high);
            Vector.Widen(low, out var a, out var b);
            Vector.Widen(high, out var c, out var d);
            var four = sums.Slice(4 * i, 4);
            four[0] += Vector.ConvertToSingle(Vector.AsVectorInt32(a)) * factor;
            four[1] += Vector.ConvertToSingle(Vector.AsVectorInt32(b)) * factor;
            four[2] += Vector.ConvertToSingle(Vector.AsVectorInt32(c)) * factor;
            four[3] += Vector.ConvertToSingle(Vector.AsVectorInt32(d)) * factor;
        }

        for (var i = bytes.Length * Vector<byte>.Count; i < source.Length; i++)
            line[i] += source[i] * weight;
    }

    private static void ScaleLine(
        ReadOnlySpan<float> line, PictureTaps columns, int firstColumn, int width, int channels, Span<byte> target, int planeLength)
    {
        var pixels = MemoryMarshal.Cast<float, Vector128<float>>(line);
        var half = Vector128.Create(0.5f);
        for (var column = 0; column < width; column++)
        {
            var weights = columns.WeightsOf(column);
            var taps = pixels.Slice(columns.FirstOf(column) - firstColumn, weights.Length);
            var sum = half;
            for (var tap = 0; tap < taps.Length; tap++)
                sum += taps[tap] * weights[tap];

            // Weights are not negative and sum to 1, give or take a rounding: only the upper end can be passed.
            var value = Vector128.ConvertToInt32(Vector128.Min(sum, Vector128.Create(255.5f)));
            target[column] = (byte)value.GetElement(0);
            if (channels == 1)
                continue;
            target[planeLength + column] = (byte)value.GetElement(1);
            target[(2 * planeLength) + column] = (byte)value.GetElement(2);
        }
    }
}
