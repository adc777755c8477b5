using LogitSeparation.Core.Data;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

public sealed class PixelStatisticsTests
{
    [Fact]
    public void Mean_and_deviation_are_those_of_the_definition()
    {
        var pixels = new byte[120];
        new Random(3).NextBytes(pixels);
        var mean = pixels.Average(value => (double)value);
        var deviation = Math.Sqrt(pixels.Average(value => (value - mean) * (value - mean)));

        var scaling = Measure(pixels);

        Assert.Equal(mean, scaling.Mean[0], 1e-12);
        Assert.Equal(deviation, scaling.Deviation[0], 1e-12);
    }

    [Fact]
    public void Only_the_rows_of_the_split_count()
    {
        var store = new ByteExamples([1, 3, 200, 200, 5, 7], 2, [0, 0, 0]);
        var scaling = PixelStatistics.Measure(new DataSplit(Split.Train, store, [0, 2], 1), [2]);
        Assert.Equal(new PixelScaling(4, Math.Sqrt(5)), scaling);
    }

    [Fact]
    public void Equal_bytes_have_deviation_one() => Assert.Equal(new PixelScaling(9, 1), Measure([9, 9, 9, 9]));

    private static PixelScaling Measure(byte[] pixels) =>
        PixelStatistics.Measure(new DataSplit(Split.Train, new ByteExamples(pixels, 2, new int[pixels.Length / 2]), null, 1), [2]);
}
