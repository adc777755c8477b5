using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

/// <summary>The published data sets by their slices; all numbers computed by NumPy, SciPy and Pillow.</summary>
public sealed class PublishedDatasetTests
{
    [Fact]
    public void CIFAR10_has_the_pixels_and_labels_of_its_records()
    {
        var cifar = Open(new() { Path = SharedFolder.Require("data/cifar-10"), ValidationCount = 0 });
        Assert.Equal("CIFAR10", cifar.Name);
        Assert.Equal([3, 32, 32], cifar.ExampleShape);
        Assert.Equal(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"], cifar.ClassNames);
        Check(cifar.Train, 1000, 370453111, 550914851211, 2235674);
        Check(cifar.Test, 300, 113293298, 168000627360, 204522);
        CheckScaling(cifar, [125.03652246, 123.12742285, 113.6066709], [62.64312723, 61.94857462, 66.79317646]);
        Assert.Contains("1000 training", cifar.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void CIFAR100_has_fine_and_coarse_labels()
    {
        var path = SharedFolder.Require("data/cifar-100");
        var fine = Open(new() { Name = "cifar-100", Path = path, ValidationCount = 0 });
        Assert.Equal(("CIFAR100", 100, "apple"), (fine.Name, fine.ClassCount, fine.ClassNames[0]));
        Check(fine.Train, 1000, 374671759, 550756311661, 25313546);
        Check(fine.Test, 300, 115570737, 170861677543, 2208071);
        Assert.All(fine.Train.CountClasses(), count => Assert.Equal(10, count));
        CheckScaling(fine, [129.76370801, 124.17623535, 111.95044629], [67.92846369, 64.56727323, 69.28728027]);

        var coarse = Open(new() { Path = path, ValidationCount = 0, CoarseLabel = true });
        Assert.Equal((20, "aquatic_mammals"), (coarse.ClassCount, coarse.ClassNames[0]));
        Check(coarse.Train, 1000, 374671759, 550756311661, 4786418);
        var again = DatasetCatalog.Reopen(coarse.Identity, noDownload: true, null, TestContext.Current.CancellationToken);
        Assert.Equal(20, again.ClassCount);
        Assert.NotEqual(fine.Identity.Checksum, coarse.Identity.Checksum);
    }

    [Fact]
    public void SVHN_has_upright_pictures_and_ten_is_the_digit_zero()
    {
        var svhn = Open(new() { Name = "SVHN", Path = SharedFolder.Require("data/svhn"), ValidationCount = 0 });
        Assert.Equal([3, 32, 32], svhn.ExampleShape);
        Assert.Equal("0", svhn.ClassNames[0]);
        Check(svhn.Train, 500, 194531664, 298493169097, 547402);
        Check(svhn.Test, 200, 77042627, 118143275645, 83351);
    }

    [Fact]
    public void TinyImageNet_tests_on_its_validation_pictures()
    {
        var tiny = Open(new() { Name = "TinyImageNet", Path = SharedFolder.Require("data"), ValidationCount = 0 });
        Assert.Equal((20, "Egyptian cat", "reel"), (tiny.ClassCount, tiny.ClassNames[0], tiny.ClassNames[1]));
        Assert.Contains("validation pictures", tiny.Note, StringComparison.Ordinal);
        Assert.Equal(47926, WeighLabels(tiny.Test, first: 1));
        CheckMeans(tiny.Train, [125.40173238, 115.47372945, 96.97335815]);
        CheckMeans(tiny.Test, [127.04358154, 116.10948486, 98.29612793]);
    }

    [Theory]
    [InlineData(299, 116.78531292, 109.50360063, 97.79242201)]
    [InlineData(64, 116.77926758, 109.49556641, 97.78477539)]
    public void ImageNet_evaluates_on_the_scaled_middle(int side, double red, double green, double blue)
    {
        var imageNet = Open(new() { Name = "ImageNet", Path = SharedFolder.Require("data/imagenet"), ValidationCount = 0, Size = side });
        Assert.Equal((1000, 25, 0), (imageNet.ClassCount, imageNet.Train.Count, imageNet.Test.Count));
        Assert.Equal("tench", imageNet.ClassNames[0]);
        Assert.Equal([0, 40, 80, 120], imageNet.Train.Labels[..4].ToArray());
        Assert.Equal(1000, imageNet.ClassNames.Distinct().Count());
        CheckMeans(imageNet.Train, [red, green, blue]);
    }

    [Fact]
    public void ImageNet_trains_on_parts_that_seed_epoch_and_example_decide()
    {
        var device = TestDevice.Open();
        var imageNet = Open(new() { Name = "ImageNet", Path = SharedFolder.Require("data/imagenet"), ValidationCount = 0, Size = 32 });
        using var scope = torch.NewDisposeScope();
        using var split = new DeviceSplit(imageNet.Train, imageNet.Scaling, device);
        Assert.False(split.IsResident);
        var options = new TrainingOptions { BatchSize = 12, Seed = 5 };
        float[] TakeAll(int first)
        {
            using var batches = new TrainingBatches(split, imageNet.ExampleShape, options);
            return [.. Enumerable.Range(first, 4).SelectMany(step => batches.Take(step).Input.cpu().data<float>().ToArray())];
        }

        var (once, again) = (TakeAll(0), TakeAll(0));
        Assert.Equal(once, again);
        Assert.Equal(once[^(12 * 3 * 32 * 32)..], TakeAll(3)[..(12 * 3 * 32 * 32)]);
        Assert.NotEqual(once[..(12 * 3 * 32 * 32)], once[(12 * 3 * 32 * 32)..(24 * 3 * 32 * 32)]);
    }

    [Fact]
    public void A_streamed_data_set_is_trained_on_and_evaluated_like_any_other()
    {
        TestDevice.Open();
        var folder = SharedFolder.Require("data/tiny-imagenet-200/train");
        using var pictures = new TemporaryPictures(folder, classCount: 3, perClass: 10);
        var request = new DatasetRequest { Path = pictures.Path, Size = 16, ValidationCount = 6, TestCount = 6 };
        var streamed = Open(request with { Stream = true });
        Assert.Equal([3, 16, 16], streamed.ExampleShape);
        Assert.Equal(18, streamed.Train.Count);
        var options = new TrainingOptions
        {
            StepCount = 6,
            BatchSize = 6,
            HiddenUnit = [8],
            Device = TestDevice.Name,
            Augmentation = Augmentation.Flip | Augmentation.ShiftedCrop,
        };
        var cancellation = TestContext.Current.CancellationToken;
        var models = Enumerable.Range(0, 2).Select(_ => Trainer.Train(streamed, ["CE"], new(), options, null, cancellation).Single().Model!).ToArray();
        Assert.Equal(models[0].Weights["head.weight"].Values.ToArray(), models[1].Weights["head.weight"].Values.ToArray());
        var logits = new Core.Inference.ModelLogits(models[0], streamed, Split.Test, TestDevice.Name, cancellation).ToMemory();
        Assert.Equal(6, logits.Count);

        // In memory the whole middle is kept, and not 87.5% of it.
        var inMemory = Open(request);
        Assert.Equal(streamed.Train.Labels.ToArray(), inMemory.Train.Labels.ToArray());
        Assert.NotEqual(streamed.Train.Example(0), inMemory.Train.Example(0));
        var again = DatasetCatalog.Reopen(streamed.Identity, noDownload: true, null, cancellation);
        Assert.Equal(streamed.Train.Example(0), again.Train.Example(0));
    }

    private static Dataset Open(DatasetRequest request) =>
        DatasetCatalog.Open(request with { NoDownload = true }, progress: null, TestContext.Current.CancellationToken);

    private static void Check(DataSplit split, int count, long sum, long weighted, long labels)
    {
        Assert.Equal(count, split.Count);
        var (found, foundWeighted) = (0.0, 0.0);
        for (var i = 0; i < split.Count; i++)
        {
            var example = split.Example(i);
            found += example.Sum(value => (double)value);
            foundWeighted += example.Select((value, position) => (double)value * (position + 1)).Sum();
        }

        Assert.Equal((sum, weighted, labels), ((long)found, (long)foundWeighted, WeighLabels(split, first: 1)));
    }

    private static long WeighLabels(DataSplit split, int first) =>
        split.Labels.ToArray().Select((label, i) => (long)label * (i + first)).Sum();

    private static void CheckScaling(Dataset dataset, double[] mean, double[] deviation)
    {
        for (var channel = 0; channel < mean.Length; channel++)
        {
            Assert.Equal(mean[channel], dataset.Scaling.Mean[channel], 1e-6);
            Assert.Equal(deviation[channel], dataset.Scaling.Deviation[channel], 1e-6);
        }
    }

    // JPEG leaves decoders a choice of roundings.
    private static void CheckMeans(DataSplit split, double[] expected)
    {
        var plane = split.ExampleLength / 3;
        for (var channel = 0; channel < 3; channel++)
        {
            var mean = Enumerable.Range(0, split.Count).Average(i => split.Example(i).Skip(channel * plane).Take(plane).Average(value => (double)value));
            Assert.Equal(expected[channel], mean, 0.15);
        }
    }
}
