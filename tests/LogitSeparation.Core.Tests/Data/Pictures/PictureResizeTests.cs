using LogitSeparation.Core.Data.Pictures;
using Xunit;

namespace LogitSeparation.Core.Tests.Data.Pictures;

public sealed class PictureResizeTests
{
    [Fact]
    public void Every_pixel_is_the_weighted_mean_of_a_triangle()
    {
        var random = new Random(4);
        for (var trial = 0; trial < 60; trial++)
        {
            var (columns, rows) = (random.Next(1, 70), random.Next(1, 50));
            var source = new byte[columns * rows * 4];
            random.NextBytes(source);
            var (left, top) = (random.NextDouble() * (columns - 1), random.NextDouble() * (rows - 1));
            // As after decoding to an eighth: parts need not begin or end with a whole pixel.
            var (spanX, spanY) = (Math.Max(0.3, random.NextDouble() * (columns - left)), Math.Max(0.3, random.NextDouble() * (rows - top)));
            (spanX, spanY) = (Math.Min(spanX, columns - left), Math.Min(spanY, rows - top));
            var (width, height) = (random.Next(1, 40), random.Next(1, 40));
            var target = new byte[3 * width * height];
            PictureResize.Scale(source, columns * 4, left, top, (spanX, spanY), (columns, rows), width, height, 3, target);
            for (var i = 0; i < target.Length; i++)
            {
                var (channel, row, column) = (i / (width * height), i / width % height, i % width);
                var exact = 0.0;
                foreach (var (y, weightY) in Triangle(top, spanY, rows, height, row))
                {
                    foreach (var (x, weightX) in Triangle(left, spanX, columns, width, column))
                        exact += weightX * weightY * source[(((y * columns) + x) * 4) + channel];
                }

                Assert.InRange(target[i] - exact, -0.501, 0.501);
            }
        }
    }

    [Fact]
    public void One_colour_stays_that_colour()
    {
        foreach (var value in new byte[] { 0, 1, 127, 254, 255 })
        {
            var source = Enumerable.Repeat(value, 37 * 23 * 4).ToArray();
            var target = new byte[11 * 17];
            PictureResize.Scale(source, 37 * 4, 1.3, 2.7, (30.1, 18.9), (37, 23), 11, 17, 1, target);
            Assert.All(target, pixel => Assert.Equal(value, pixel));
        }
    }

    private static List<(int Pixel, double Weight)> Triangle(double start, double span, int limit, int length, int index)
    {
        var scale = span / length;
        var reach = Math.Max(1, scale);
        var centre = start + ((index + 0.5) * scale);
        var (low, high) = (Math.Max(0, Math.Floor(start + 1e-6)), Math.Min(limit, Math.Ceiling(start + span - 1e-6)));
        var weights = Enumerable.Range((int)low, (int)(high - low)).Select(i => (Pixel: i, Weight: Math.Max(0, 1 - (Math.Abs(i + 0.5 - centre) / reach)))).ToList();
        var sum = weights.Sum(pair => pair.Weight);
        return weights.ConvertAll(pair => (pair.Pixel, pair.Weight / sum));
    }
}
