using LogitSeparation.Core.Data.Pictures;
using LogitSeparation.Core.Tests.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Data.Pictures;

/// <summary>Decoding and scaling against Pillow's numbers (<c>crop(…).resize(…, BILINEAR)</c>).</summary>
public sealed class PictureFileTests
{
    private const string Grey = nameof(SmallPictures.GreyJpeg);
    private const string Cmyk = nameof(SmallPictures.CmykJpeg);
    private const string Progressive = nameof(SmallPictures.ProgressiveJpeg);
    private const string Png = nameof(SmallPictures.Png);
    private const string Transparent = nameof(SmallPictures.TransparentPng);

    [Theory]
    [InlineData(Grey, 123.96875, 123.96875, 123.96875, 0.1)]
    [InlineData(Cmyk, 124, 115, 108, 0.6)]
    [InlineData(Progressive, 124.02864583, 115, 108.41015625, 0.6)]
    [InlineData(Png, 124, 115, 108, 0)]
    [InlineData(Transparent, 124, 115, 108, 0)]
    public void Whole_pictures_have_the_mean_colour(string name, double red, double green, double blue, double tolerance)
    {
        var pixels = Read(name, new PictureRegion(0, 0, 32, 24), 32, 24);
        double[] expected = [red, green, blue];
        for (var channel = 0; channel < 3; channel++)
            Assert.Equal(expected[channel], pixels[channel].Average(value => (double)value), tolerance);
    }

    [Theory]
    [InlineData(12, 8, 3, 2, 26, 18, new[] { 30, 28, 26 }, new[] { 133, 116, 112 }, new[] { 218, 182, 182 }, new[] { 11904, 10080, 9984 })]
    [InlineData(40, 30, 5, 4, 15, 12, new[] { 40, 40, 36 }, new[] { 101, 93, 87 }, new[] { 152, 150, 136 }, new[] { 115770, 114000, 103200 })]
    public void Parts_are_scaled_as_Pillow_scales_them(
        int width, int height, int left, int top, int columns, int rows, int[] first, int[] middle, int[] last, int[] sums)
    {
        var pixels = Read(Png, new PictureRegion(left, top, columns, rows), width, height);
        for (var channel = 0; channel < 3; channel++)
        {
            // Pillow rounds to whole numbers between columns and rows.
            Assert.InRange(pixels[channel][0] - first[channel], -1, 1);
            Assert.InRange(pixels[channel][(height / 2 * width) + (width / 2) + (width == 40 ? -40 + 1 : 0)] - middle[channel], -1, 1);
            Assert.InRange(pixels[channel][^1] - last[channel], -1, 1);
            Assert.Equal(sums[channel], pixels[channel].Sum(value => value), width * height * 0.2);
        }
    }

    [Fact]
    public void A_part_of_equal_size_is_copied()
    {
        var pixels = Read(Png, new PictureRegion(3, 5, 10, 7), 10, 7);
        for (var i = 0; i < 70; i++)
        {
            var (x, y) = (3 + (i % 10), 5 + (i / 10));
            Assert.Equal((8 * x, 10 * y, 4 * (x + y)), (pixels[0][i], pixels[1][i], pixels[2][i]));
        }
    }

    [Fact]
    public void Headers_tell_size_and_greyness()
    {
        using var folder = new TemporaryFolder();
        using var grey = PictureFile.Open(folder.Write("grey", SmallPictures.GreyJpeg));
        using var colour = PictureFile.Open(folder.Write("colour", SmallPictures.Png));
        Assert.Equal((32, 24, true), (grey.Width, grey.Height, grey.IsGrey));
        Assert.False(colour.IsGrey);
    }

    [Theory]
    [InlineData(Grey)]
    [InlineData(Cmyk)]
    [InlineData(Png)]
    public void A_picture_that_is_cut_short_is_an_error_or_whole(string name)
    {
        using var folder = new TemporaryFolder();
        var intact = SmallPictures.Named(name);
        var expected = Pixels(folder.Write("intact", intact));
        Damage.Truncate(intact, path =>
        {
            var pixels = Pixels(path);
            return pixels == expected ? null! : pixels;
        });
    }

    [Theory]
    [InlineData(Grey)]
    [InlineData(Cmyk)]
    [InlineData(Progressive)]
    [InlineData(Png)]
    public void Flipped_bits_never_do_worse_than_other_pixels(string name)
    {
        // JPEG has no checksum: a changed coefficient is a picture like any other.
        Damage.FlipUnchecked(SmallPictures.Named(name), path => Pixels(path).Length);
    }

    private static string Pixels(string path)
    {
        using var picture = PictureFile.Open(path);
        var pixels = new byte[3 * 24 * 32];
        picture.Read(PictureRegion.Whole(picture.Width, picture.Height), 32, 24, 3, pixels);
        return Convert.ToBase64String(pixels);
    }

    private static int[][] Read(string name, PictureRegion region, int width, int height)
    {
        using var folder = new TemporaryFolder();
        using var picture = PictureFile.Open(folder.Write("picture", SmallPictures.Named(name)));
        var pixels = new byte[3 * width * height];
        picture.Read(region, width, height, 3, pixels);
        return [.. pixels.Chunk(width * height).Select(channel => Array.ConvertAll(channel, value => (int)value))];
    }
}
