using LogitSeparation.Core.Data.Pictures;
using Xunit;

namespace LogitSeparation.Core.Tests.Data.Pictures;

public sealed class PictureRegionTests
{
    [Theory]
    [InlineData(500, 375, 1)]
    [InlineData(106, 150, 7)]
    [InlineData(1, 1, 2)]
    [InlineData(3000, 20, 3)]
    [InlineData(7, 900, 4)]
    public void Random_parts_lie_in_the_picture(int width, int height, ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < 500; i++)
        {
            var region = PictureRegion.Random(width, height, ref random);
            Assert.InRange(region.Left, 0, width - region.Width);
            Assert.InRange(region.Top, 0, height - region.Height);
            Assert.InRange(Math.Min(region.Width, region.Height), 1, int.MaxValue);
        }
    }

    [Fact]
    public void Random_parts_have_the_areas_and_aspects_of_Inception()
    {
        var random = new SplitMix64(11);
        var regions = Enumerable.Range(0, 5000).Select(_ => PictureRegion.Random(400, 400, ref random)).ToArray();
        Assert.All(regions, region => Assert.InRange((double)region.Width / region.Height, 0.74, 1.35));
        Assert.All(regions, region => Assert.InRange(region.Width * region.Height / 160000.0, 0.078, 1.0));
        // Uniform from 8% to 100% would have the mean 54%; wide parts of nearly the whole are refused.
        Assert.InRange(regions.Average(region => region.Width * region.Height / 160000.0), 0.47, 0.54);
    }

    [Fact]
    public void The_middle_is_in_the_middle()
    {
        Assert.Equal(new PictureRegion(86, 24, 328, 328), PictureRegion.Centre(500, 375, 1, 0.875) with { Top = 24 });
        Assert.Equal(new PictureRegion(0, 20, 60, 30), PictureRegion.Centre(60, 70, 2, 1));
    }
}
