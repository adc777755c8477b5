using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

public sealed class PictureAugmentationTests
{
    private const int Channels = 3;
    private const int Height = 5;
    private const int Width = 7;
    private static readonly int[] Shape = [Channels, Height, Width];

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 0, true)]
    [InlineData(2, -3, false)]
    [InlineData(-1, 2, true)]
    [InlineData(4, 6, true)]
    [InlineData(9, 0, false)]
    [InlineData(0, -9, true)]
    public void Both_ways_move_every_pixel_as_the_definition_says(int down, int right, bool isMirrored)
    {
        TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var pixels = Enumerable.Range(1, Channels * Height * Width).Select(i => (float)i).ToArray();
        var variation = new PictureVariation(down, right, isMirrored);
        var expected = new float[pixels.Length];
        for (var i = 0; i < expected.Length; i++)
        {
            var (channel, row, column) = (i / (Height * Width), i / Width % Height, i % Width);
            var (fromRow, fromColumn) = (row + down, (isMirrored ? Width - 1 - column : column) + right);
            var isInside = fromRow is >= 0 and < Height && fromColumn is >= 0 and < Width;
            expected[i] = isInside ? pixels[(((channel * Height) + fromRow) * Width) + fromColumn] : 0;
        }

        var augmentation = new PictureAugmentation(Augmentation.Flip | Augmentation.ShiftedCrop, 4, Shape);
        var inMemory = augmentation.ApplyInMemory(torch.tensor(pixels, 1, pixels.Length), [variation]);
        Assert.Equal(expected, inMemory.data<float>().ToArray());
        var device = TestDevice.Open();
        var onDevice = augmentation.ApplyOnDevice(torch.tensor(pixels, 1, pixels.Length, device: device), [variation]);
        Assert.Equal(expected, onDevice.cpu().data<float>().ToArray());
    }

    [Fact]
    public void Draws_depend_on_seed_epoch_and_example_alone_and_reach_every_shift()
    {
        var draws = Enumerable.Range(0, 2000).Select(i => Draw(Augmentation.Flip | Augmentation.ShiftedCrop, epoch: i / 100, index: i % 100)).ToArray();
        Assert.Equal(draws[1234], Draw(Augmentation.Flip | Augmentation.ShiftedCrop, epoch: 12, index: 34));
        Assert.Equal(Enumerable.Range(-2, 5), draws.Select(draw => draw.Down).Distinct().Order());
        Assert.Equal(Enumerable.Range(-2, 5), draws.Select(draw => draw.Right).Distinct().Order());
        Assert.InRange(draws.Count(draw => draw.IsMirrored), 900, 1100);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(
            draws[i] with { IsMirrored = false }, Draw(Augmentation.ShiftedCrop, epoch: 0, index: i)));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(
            new PictureVariation(0, 0, draws[i].IsMirrored), Draw(Augmentation.Flip, epoch: 0, index: i)));
    }

    private static PictureVariation Draw(Augmentation augmentation, long epoch, int index) =>
        PictureVariation.Draw(augmentation, 2, PictureVariation.SeedOf(7, StreamSeed.Augmentation, epoch, 100, index));
}
