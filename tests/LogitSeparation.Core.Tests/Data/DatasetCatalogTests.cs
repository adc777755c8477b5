using LogitSeparation.Core.Data;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

public sealed class DatasetCatalogTests
{
    private const string DebianFashion = "/usr/share/datasets/fashion-mnist";

    [Fact]
    public void Digits_is_the_default_and_has_the_counts_of_its_source()
    {
        var digits = Open(new DatasetRequest());

        Assert.Equal("Digits", digits.Name);
        Assert.Null(digits.Path);
        Assert.Equal([1, 8, 8], digits.ExampleShape);
        Assert.Equal(Enumerable.Range(0, 10).Select(digit => $"{digit}"), digits.ClassNames);
        Assert.Equal((1213, 134, 450), (digits.Train.Count, digits.Validation.Count, digits.Test.Count));

        // optdigits.names: examples of each class in the test file; the second row is counted from its last 450 rows.
        int[] all = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
        int[] test = [43, 46, 43, 47, 48, 45, 47, 45, 41, 45];
        Assert.Equal(test, digits.Test.CountClasses());
        var counts = digits.Train.CountClasses().Zip(digits.Validation.CountClasses(), test);
        Assert.Equal(all, counts.Select(count => count.First + count.Second + count.Third));
    }

    [Fact]
    public void Digits_has_the_first_row_and_the_checksum_of_its_source()
    {
        var digits = Open(new DatasetRequest { Name = "digits", ValidationCount = 0 });

        float[] firstImage =
        [
            0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0, 11, 8, 0, 0, 4, 12, 0, 0, 8, 8, 0,
            0, 5, 8, 0, 0, 9, 8, 0, 0, 4, 11, 0, 1, 12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6, 13, 10, 0, 0, 0,
        ];
        Assert.Equal(firstImage, digits.Train.Example(0));
        Assert.Equal([0, 1, 2, 3, 4], digits.Train.Labels[..5].ToArray());

        // All three computed from the source by another program.
        Assert.Equal("513c176c73a511e7625542b55128b5c19051636fe375e883458933e520942677", digits.Identity.Checksum);
        Assert.Equal(DigitsDataset.Checksum, digits.Identity.Checksum);
        Assert.Equal(4.891610987379361, digits.Scaling.Mean[0], 1e-12);
        Assert.Equal(6.009511312034529, digits.Scaling.Deviation[0], 1e-12);
    }

    [Fact]
    public void The_seed_moves_validation_and_leaves_the_test_split()
    {
        var one = Open(new DatasetRequest { Seed = 1 });
        var other = Open(new DatasetRequest { Seed = 2 });

        Assert.NotEqual(Bytes(one.Validation), Bytes(other.Validation));
        Assert.Equal(Bytes(one.Test), Bytes(other.Test));
        Assert.Equal(Bytes(one.Validation), Bytes(Open(new DatasetRequest { Seed = 1 }).Validation));
        Assert.Equal(one.Identity.Checksum, other.Identity.Checksum);
    }

    [Fact]
    public void Mnist_has_its_published_counts_mean_and_checksum()
    {
        var path = SharedFolder.Require("data/mnist");
        var mnist = Open(new DatasetRequest { Path = path, ValidationCount = 0 });

        Assert.Equal("MNIST", mnist.Name);
        Assert.Equal(KnownDataset.All[0].Checksum, mnist.Identity.Checksum);
        Assert.Equal([1, 28, 28], mnist.ExampleShape);
        Assert.Equal((60000, 0, 10000), (mnist.Train.Count, mnist.Validation.Count, mnist.Test.Count));
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], mnist.Train.CountClasses());
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], mnist.Test.CountClasses());
        Assert.Equal(0.1307, mnist.Scaling.Mean[0] / 255, 5e-5);
        Assert.Equal(0.3081, mnist.Scaling.Deviation[0] / 255, 5e-5);
    }

    [Fact]
    public void Mnist_validation_has_the_share_of_each_class()
    {
        var mnist = Open(new DatasetRequest { Name = "mnist", Path = SharedFolder.Require("data/mnist") });

        Assert.Equal((54000, 6000), (mnist.Train.Count, mnist.Validation.Count));
        int[] all = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
        foreach (var (held, count) in mnist.Validation.CountClasses().Zip(all))
            Assert.InRange(held, Math.Floor(count / 10.0), Math.Ceiling(count / 10.0));
    }

    [Fact]
    public void Fashion_mnist_from_its_debian_package_has_class_names_and_the_published_checksum()
    {
        Assert.SkipUnless(Directory.Exists(DebianFashion), "The Debian package dataset-fashion-mnist is not installed.");
        // The package compresses the files anew: their bytes differ, and their content does not.
        var fashion = Open(new DatasetRequest { Name = "fashion-mnist", Path = DebianFashion });

        Assert.Equal("FashionMNIST", fashion.Name);
        Assert.Equal("T-shirt/top", fashion.ClassNames[0]);
        Assert.Equal("Ankle boot", fashion.ClassNames[9]);
        Assert.Equal(Enumerable.Repeat(1000, 10), fashion.Test.CountClasses());
        Assert.Equal(Enumerable.Repeat(600, 10), fashion.Validation.CountClasses());
        Assert.Equal(0.2860, Open(new DatasetRequest { Path = DebianFashion, ValidationCount = 0 }).Scaling.Mean[0] / 255, 5e-5);
    }

    [Fact]
    public void Another_data_set_of_the_same_format_is_not_taken_for_the_one_named()
    {
        var path = SharedFolder.Require("data/mnist");
        var error = Assert.Throws<SlcException>(() => Open(new DatasetRequest { Name = "FashionMNIST", Path = path }));
        Assert.Equal("DatasetMismatch", error.ErrorId);
    }

    [Fact]
    public void The_list_has_the_known_data_sets_and_digits_is_always_there()
    {
        var list = DatasetCatalog.List();

        Assert.Equal(["Digits", "MNIST", "FashionMNIST"], list.Take(3).Select(info => info.Name));
        Assert.True(list[0].IsAvailable);
        Assert.Equal("embedded", list[0].Location);
        Assert.All(list.Take(3), info => Assert.False(string.IsNullOrEmpty(info.License) || string.IsNullOrEmpty(info.Source)));
        Assert.All(list, info => Assert.Equal(info.IsAvailable, info.Location is not null && info.Problem is null));
    }

    [Fact]
    public void The_environment_names_folders_as_path_does()
    {
        var list = string.Join(Path.PathSeparator, "/one", "", " /two ", "three");
        Assert.Equal(
            new[] { "/one", "/two", "three" }.Select(Path.GetFullPath), DatasetLocations.SplitFolders(list));
        Assert.Empty(DatasetLocations.SplitFolders(null));
    }

    [Fact]
    public void Digits_is_reopened_with_the_same_splits_and_a_changed_checksum_is_noticed()
    {
        var digits = Open(new DatasetRequest { Seed = 5, ValidationCount = 77 });
        var again = DatasetCatalog.Reopen(digits.Identity, noDownload: true, null, TestContext.Current.CancellationToken);
        Assert.Equal(digits.Identity, again.Identity);
        Assert.Equal(Bytes(digits.Validation), Bytes(again.Validation));

        var error = Assert.Throws<SlcException>(() => DatasetCatalog.Reopen(
            digits.Identity with { Checksum = new string('0', 64) }, noDownload: true, null, TestContext.Current.CancellationToken));
        Assert.Equal("DatasetChanged", error.ErrorId);
        Assert.Contains("-Dataset", error.Message, StringComparison.Ordinal);
    }

    private static Dataset Open(DatasetRequest request) =>
        DatasetCatalog.Open(request with { NoDownload = true }, progress: null, TestContext.Current.CancellationToken);

    private static byte[] Bytes(DataSplit split)
    {
        var bytes = new byte[split.Count * split.Store.ByteLength];
        split.CopyTo(0, bytes);
        return bytes;
    }
}
