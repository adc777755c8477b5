using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

public sealed class TrainingBatchesTests
{
    private static readonly PixelScaling Bytes = new(0, 1);
    private static readonly TrainingOptions Options = new() { BatchSize = 8, Seed = 3 };

    [Fact]
    public void Examples_that_are_read_ahead_are_those_that_the_order_names()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var split = Place(new GeneratedExamples(50, 12), device);
        using var batches = new TrainingBatches(split, [12], Options);
        using var order = new BatchOrder(50, 8, 3, torch.CPU);
        // Six batches an epoch: into the third, back, and into the second, as a resumed training does.
        foreach (var step in new long[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 2, 3, 11, 12 })
        {
            var rows = order.Numbers(step).ToArray();
            var (input, _) = batches.Take(step);
            var expected = rows.SelectMany(row => Enumerable.Range(0, 12).Select(i => (float)GeneratedExamples.ValueOf(
                (int)row, PictureVariation.SeedOf(3, StreamSeed.Crop, step / 6, 50, row), i))).ToArray();
            Assert.Equal(expected, input.cpu().data<float>().ToArray());
        }
    }

    [Fact]
    public void What_is_in_memory_and_what_is_not_give_the_same_batches()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var generated = new GeneratedExamples(40, 3 * 4 * 4);
        var values = new byte[40 * 48];
        generated.ReadMany(0, values);
        var options = Options with { Augmentation = Augmentation.Flip | Augmentation.ShiftedCrop, CropShift = 1 };
        using var inMemory = Place(new ByteExamples(values, 48, new int[40]), device, new([1, 2, 3], [4, 5, 6]));
        using var byteBatches = new TrainingBatches(inMemory, [3, 4, 4], options);
        using var floats = Place(new FloatExamples(Array.ConvertAll(values, value => (float)value), 48, new int[40]), device, new([1, 2, 3], [4, 5, 6]));
        using var floatBatches = new TrainingBatches(floats, [3, 4, 4], options);
        for (var step = 0; step < 12; step++)
        {
            var expected = byteBatches.Take(step).Input.cpu().data<float>().ToArray();
            var found = floatBatches.Take(step).Input.cpu().data<float>().ToArray();
            Assert.Equal(expected, found, (a, b) => Math.Abs(a - b) <= 1e-5);
        }

        using var read = Place(generated, device);
        Assert.Equal(
            Array.ConvertAll(values[(5 * 48)..(17 * 48)], value => (float)value), read.Slice(5, 12).Input.cpu().data<float>().ToArray());
        Assert.Equal(
            Array.ConvertAll(values[(17 * 48)..(29 * 48)], value => (float)value), read.Slice(17, 12).Input.cpu().data<float>().ToArray());
        Assert.Equal(Array.ConvertAll(values[(29 * 48)..], value => (float)value), read.Slice(29, 11).Input.cpu().data<float>().ToArray());
    }

    [Fact]
    public void The_first_example_that_cannot_be_read_is_reported_when_its_batch_is_taken()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var rows = new BatchOrder(64, 8, 3, torch.CPU).Permutation(0);
        var store = new GeneratedExamples(64, 4, row =>
        {
            var position = Array.IndexOf(rows, row);
            if (position is >= 19 and < 24)
                throw new SlcException("PictureDamaged", SlcErrorKind.InvalidData, $"position {position}", row);
        });
        using var split = Place(store, device);
        using var batches = new TrainingBatches(split, [4], Options);
        batches.Take(0);
        batches.Take(1);
        Assert.Equal("position 19", Assert.Throws<SlcException>(() => batches.Take(2)).Message);
    }

    [Fact]
    public void No_more_is_read_ahead_than_there_are_buffers_for()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var read = 0;
        using var split = Place(new GeneratedExamples(4000, 4, _ => Interlocked.Increment(ref read)), device);
        using (var batches = new TrainingBatches(split, [4], Options))
        {
            batches.Take(0);
            Thread.Sleep(200);
            // Eight buffers of eight examples, of which one is with the taker.
            Assert.InRange(Volatile.Read(ref read), 8, 64);
        }

        var atEnd = Volatile.Read(ref read);
        Thread.Sleep(50);
        Assert.Equal(atEnd, Volatile.Read(ref read));
    }

    private static DeviceSplit Place(ExampleStore store, torch.Device device, PixelScaling? scaling = null) =>
        new(new DataSplit(Split.Train, store, null, 1), scaling ?? Bytes, device);
}
