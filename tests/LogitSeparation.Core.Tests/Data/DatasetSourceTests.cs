using System.Globalization;
using LogitSeparation.Core.Data;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

public sealed class DatasetSourceTests : IDisposable
{
    private static readonly byte[] SmallTrain = [1, 2, 1];
    private static readonly byte[] SmallTest = [1, 2];

    private readonly DataFolder _folder = new();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Labels_become_ranks_and_the_order_of_the_file_is_kept()
    {
        var path = _folder.WriteSet("odd", [7, 200, 7, 30, 30, 200], [200, 30, 7]);
        var odd = Open(new DatasetRequest { Path = path, ValidationCount = 0 });

        Assert.Equal("odd", odd.Name);
        Assert.Equal(["7", "30", "200"], odd.ClassNames);
        Assert.Equal([0, 2, 0, 1, 1, 2], odd.Train.Labels.ToArray());
        Assert.Equal([2, 1, 0], odd.Test.Labels.ToArray());
        Assert.Equal([1, 2, 3], odd.ExampleShape);
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(i, odd.Train.Example(i)[5]));
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte.gz")]
    [InlineData("raw/train-images-idx3-ubyte.gz", "raw/train-labels-idx1-ubyte", "raw/t10k-images-idx3-ubyte",
        "raw/t10k-labels-idx1-ubyte")]
    public void The_spellings_in_use_are_found(string trainImages, string trainLabels, string testImages, string testLabels)
    {
        _folder.WritePair(trainImages, trainLabels, 1, 2, 1, 2);
        _folder.WritePair(testImages, testLabels, 1, 2, 2);
        Assert.Equal(3, Open(new DatasetRequest { Path = _folder.Root }).Test.Count);
    }

    [Fact]
    public void A_test_label_unknown_in_training_is_named_with_file_and_row()
    {
        var path = _folder.WriteSet("set", [1, 2, 1, 2], [1, 2, 9]);
        var error = Throws("UnknownLabel", new DatasetRequest { Path = path });
        Assert.Contains("t10k-labels-idx1-ubyte", error.Message, StringComparison.Ordinal);
        Assert.Contains("label 9 in row 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        var path = _folder.WriteSet("set", [1, 2, 1, 2], [1, 2]);
        _folder.Write("set/t10k-labels-idx1-ubyte", DataFolder.Idx([1, 2, 1], 3));
        Throws("ExampleCountMismatch", new DatasetRequest { Path = path });

        _folder.Write("set/t10k-labels-idx1-ubyte", DataFolder.Idx([1, 2], 2));
        _folder.Write("set/t10k-images-idx3-ubyte", DataFolder.Idx(new byte[12], 2, 3, 2));
        Throws("ExampleShapeMismatch", new DatasetRequest { Path = path });

        _folder.Write("set/t10k-images-idx3-ubyte", DataFolder.Idx([1, 2], 2));
        Throws("IdxFileWrongRank", new DatasetRequest { Path = path });

        _folder.Write("set/t10k-images-idx3-ubyte", DataFolder.Idx([], 0, 2, 3));
        Throws("IdxFileEmpty", new DatasetRequest { Path = path });

        File.Delete(_folder.PathOf("set/t10k-images-idx3-ubyte"));
        var error = Throws("DatasetFileMissing", new DatasetRequest { Path = path });
        Assert.Contains("t10k-images-idx3-ubyte", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_an_empty_folder_and_unknown_names_are_named()
    {
        var missing = Throws("PathNotFound", new DatasetRequest { Path = _folder.PathOf("nowhere") });
        Assert.Contains(_folder.PathOf("nowhere"), missing.Message, StringComparison.Ordinal);
        Throws("DatasetNotFound", new DatasetRequest { Path = _folder.Root });
        var empty = Throws("PathEmpty", new DatasetRequest { Path = " " });
        Assert.StartsWith("-Path ", empty.Message, StringComparison.Ordinal);
        Assert.Equal(SlcErrorKind.InvalidArgument, Throws("PathInvalid", new DatasetRequest { Path = "a\0b" }).Kind);

        var unknown = Throws("UnknownDataset", new DatasetRequest { Name = "MNITS" });
        Assert.Contains("Did you mean 'MNIST'?", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(SlcErrorKind.NotFound, Throws("UnknownDataset", new DatasetRequest { Name = "" }).Kind);
        var unused = Throws("DatasetParameterUnused", new DatasetRequest { Name = "Digits", TestCount = 3 });
        Assert.StartsWith("-TestCount ", unused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void A_validation_count_that_leaves_a_class_empty_is_refused(int count)
    {
        var path = _folder.WriteSet("set", [1, 2, 1, 2, 1, 2], [1, 2]);
        var error = Throws("ValidationCountOutOfRange", new DatasetRequest { Path = path, ValidationCount = count });
        Assert.StartsWith("-ValidationCount ", error.Message, StringComparison.Ordinal);
        var most = Open(new DatasetRequest { Path = path, ValidationCount = 4 });
        Assert.Equal([1, 1], most.Train.CountClasses());
    }

    [Fact]
    public void One_pair_has_a_test_split_taken_out_of_it()
    {
        var labels = Enumerable.Range(0, 40).Select(i => (byte)(i % 2)).ToArray();
        var (images, _) = _folder.WritePair("letters-images.idx3.gz", "letters-labels.idx1.gz", labels);

        var letters = Open(new DatasetRequest { Path = images, Seed = 1 });
        Assert.Equal("letters-images.idx3", letters.Name);
        Assert.Equal((29, 3, 8), (letters.Train.Count, letters.Validation.Count, letters.Test.Count));
        Assert.Equal([4, 4], letters.Test.CountClasses());

        // A pixel's value is the row's number here: every row is in one split, and the seed leaves the test split.
        var rows = new[] { letters.Train, letters.Validation, letters.Test }.SelectMany(Rows);
        Assert.Equal(Enumerable.Range(0, 40), rows.Order());
        Assert.Equal(Rows(letters.Test), Rows(Open(new DatasetRequest { Path = images, Seed = 2 }).Test));

        var chosen = Open(new DatasetRequest { Path = images, TestCount = 10, ValidationCount = 0, Name = "Letters" });
        Assert.Equal(("Letters", 30, 10), (chosen.Name, chosen.Train.Count, chosen.Test.Count));
        Throws("TestCountOutOfRange", new DatasetRequest { Path = images, TestCount = 39 });
        Throws("TestCountOutOfRange", new DatasetRequest { Path = images, TestCount = 0 });
    }

    [Fact]
    public void Two_pairs_are_taken_as_given()
    {
        var (images, labels) = _folder.WritePair("a", "b", 3, 4, 3, 4);
        var (testImages, testLabels) = _folder.WritePair("c", "d", 4, 4, 3);
        Throws("LabelFileMissing", new DatasetRequest { Path = images });
        Throws("LabelFileMissing", new DatasetRequest { Path = images, LabelPath = labels, TestPath = testImages });

        var request = new DatasetRequest { Path = images, LabelPath = labels, TestPath = testImages, TestLabelPath = testLabels };
        Throws("DatasetParameterUnused", request with { TestCount = 1 });
        Throws("DatasetParameterUnused", request with { TestPath = null });
        var set = Open(request);
        Assert.Equal([1, 1, 0], set.Test.Labels.ToArray());

        var again = Source().Reopen(set.Identity, noDownload: true, null, Stopping);
        Assert.Equal(set.Identity, again.Identity);
    }

    [Fact]
    public void Features_and_colours_keep_their_shapes()
    {
        _folder.Write("l", DataFolder.Idx([0, 1, 0, 1], 4));
        var features = _folder.Write("f", DataFolder.Idx(new byte[20], 4, 5));
        var colours = _folder.Write("c", DataFolder.Idx(new byte[48], 4, 3, 2, 2));
        Assert.Equal([5], Open(new DatasetRequest { Path = features, LabelPath = _folder.PathOf("l") }).ExampleShape);
        Assert.Equal([3, 2, 2], Open(new DatasetRequest { Path = colours, LabelPath = _folder.PathOf("l") }).ExampleShape);
    }

    [Fact]
    public void The_users_folders_come_before_the_systems_and_those_before_the_cache()
    {
        var user = _folder.WriteSet("user/fashion_mnist", SmallTrain, SmallTest);
        var system = _folder.WriteSet("system/fashion-mnist", SmallTrain, SmallTest);
        var cache = _folder.WriteSet("cache/FashionMNIST", SmallTrain, SmallTest, ".gz");
        var source = Source(SmallFashion());
        foreach (var expected in new[] { user, system, cache })
        {
            Assert.Equal(expected, source.Open(new DatasetRequest { Name = "fashion-mnist", NoDownload = true }, null, Stopping).Path);
            Assert.Equal(expected, source.List().Single(info => info.Name == "FashionMNIST").Location);
            Directory.Delete(expected, recursive: true);
        }

        Throws("DatasetNotFound", new DatasetRequest { Name = "FashionMNIST" }, source);
        Assert.False(source.List().Single(info => info.Name == "FashionMNIST").IsAvailable);
    }

    [Theory]
    [InlineData("user/mnist", "MNIST")]
    [InlineData("user", "MNIST")]
    [InlineData("system/fashion-mnist", "FashionMNIST")]
    public void What_is_found_by_a_known_name_must_be_that_data_set(string folder, string name)
    {
        var path = _folder.WriteSet(folder, SmallTrain, SmallTest);
        AssertMismatch(path, name, new DatasetRequest { Name = name });
        AssertMismatch(path, name, new DatasetRequest { Name = name, Path = path });
        Assert.Equal("Other", Open(new DatasetRequest { Name = "Other", Path = path }).Name);
    }

    [Fact]
    public void A_known_name_cannot_be_given_to_other_files_nor_come_from_their_own_name()
    {
        var folder = _folder.WriteSet("mnist", SmallTrain, SmallTest);
        AssertMismatch(folder, "mnist", new DatasetRequest { Path = folder });
        AssertMismatch(folder, "digits", new DatasetRequest { Name = "digits", Path = folder });
        var images = Path.Combine(folder, "train-images-idx3-ubyte");
        AssertMismatch(images, "MNIST", new DatasetRequest { Name = "MNIST", Path = images });
        AssertMismatch(images, "MNIST", new DatasetRequest
        {
            Name = "MNIST",
            Path = images,
            TestPath = Path.Combine(folder, "t10k-images-idx3-ubyte"),
        });

        // The same content compressed otherwise, or not at all, is the same data set.
        var source = Source(SmallFashion());
        var fashion = source.Open(new DatasetRequest { Name = "fashion-mnist", Path = folder }, null, Stopping);
        Assert.Equal("FashionMNIST", fashion.Name);
        Assert.Contains("FashionMNIST, not MNIST", Throws("DatasetMismatch", new DatasetRequest { Name = "MNIST", Path = folder }, source).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_cache_that_is_not_the_pinned_one_is_named()
    {
        var source = Source(SmallFashion());
        var cache = _folder.WriteSet("cache/FashionMNIST", SmallTrain, SmallTest, ".gz");
        var labels = Path.Combine(cache, KnownDataset.TestLabels);
        File.AppendAllText(labels, " ");
        AssertMismatch(labels, "FashionMNIST", new DatasetRequest { Name = "FashionMNIST" }, source);

        // An uncompressed file beside the verified ones is not looked at.
        _folder.WriteSet("cache/FashionMNIST", SmallTrain, SmallTest, ".gz");
        _folder.Write("cache/FashionMNIST/t10k-labels-idx1-ubyte", DataFolder.Idx([2, 2], 2));
        var fashion = source.Open(new DatasetRequest { Name = "FashionMNIST", NoDownload = true }, null, Stopping);
        Assert.Equal([0, 1], fashion.Test.Labels.ToArray());
    }

    [Fact]
    public void Messages_do_not_follow_the_culture()
    {
        var path = _folder.WriteSet("set", SmallTrain, SmallTest);
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "minus ";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            var validation = Throws("ValidationCountOutOfRange", new DatasetRequest { Path = path, ValidationCount = -3 });
            Assert.Contains("is -3:", validation.Message, StringComparison.Ordinal);
            var test = Throws("TestCountOutOfRange", new DatasetRequest { Path = Path.Combine(path, "train-images-idx3-ubyte"), TestCount = -3 });
            Assert.Contains("is -3:", test.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private void AssertMismatch(string path, string name, DatasetRequest request, DatasetSource? source = null)
    {
        var error = Throws("DatasetMismatch", request, source);
        Assert.Equal(SlcErrorKind.InvalidData, error.Kind);
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("elete it", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Fashion-MNIST as if it were the small set that the tests write, compressed.</summary>
    private KnownDataset SmallFashion()
    {
        var published = _folder.WriteSet("published", SmallTrain, SmallTest, ".gz");
        var fashion = KnownDataset.All.Single(set => set.Name == "FashionMNIST");
        return fashion with
        {
            Checksum = DataFolder.Checksum(DataFolder.PixelsOf(SmallTrain), SmallTrain, DataFolder.PixelsOf(SmallTest), SmallTest),
            Files =
            [
                .. fashion.Files.Select(file => File.ReadAllBytes(Path.Combine(published, file.Name))).Zip(fashion.Files, (content, file) =>
                    file with { Length = content.Length, Sha256 = DataFolder.Checksum(content) }),
            ],
        };
    }

    [Fact]
    public void A_folder_with_another_data_sets_name_is_passed_over()
    {
        _folder.WriteSet("fashion-mnist", [1, 2, 1], [1, 2]);
        var source = new DatasetSource(
            [.. KnownDataset.All.Where(set => set.Name != "FashionMNIST"), SmallFashion()],
            new DatasetLocations([_folder.PathOf("fashion-mnist")], [], null), DatasetDownload.Shared);
        var request = new DatasetRequest { Name = "MNIST", NoDownload = true };
        Assert.Equal("DatasetNotFound", Assert.Throws<SlcException>(() => source.Open(request, null, Stopping)).ErrorId);
        Assert.Equal("FashionMNIST", source.Open(request with { Name = "FashionMNIST" }, null, Stopping).Name);
    }

    [Fact]
    public void A_broken_folder_is_an_error_and_not_passed_over()
    {
        var user = _folder.WriteSet("user/mnist", [1, 2, 1], [1, 2]);
        _folder.WriteSet("system/mnist", [1, 2, 1], [2, 1]);
        File.Delete(Path.Combine(user, "train-labels-idx1-ubyte"));
        Throws("DatasetFileMissing", new DatasetRequest { Name = "MNIST" });
        var listed = Source().List().Single(info => info.Name == "MNIST");
        Assert.False(listed.IsAvailable);
        Assert.Equal(user, listed.Location);
        Assert.Contains("train-labels", listed.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_of_the_users_is_opened_by_its_folders_name()
    {
        var path = _folder.WriteSet("user/Runes", [1, 2, 1], [1, 2]);
        Assert.Contains(Source().List(), info => info.Name == "Runes" && info.IsAvailable && info.Location == path);
        var runes = Open(new DatasetRequest { Name = "runes" });
        Assert.Equal(path, runes.Path);

        Directory.Move(path, _folder.PathOf("system/Runes"));
        Assert.Equal(_folder.PathOf("system/Runes"), Source().Reopen(runes.Identity, true, null, Stopping).Path);
        Directory.Delete(_folder.PathOf("system/Runes"), recursive: true);
        AssertAsksForDataset(runes.Identity);
        Directory.CreateDirectory(path);
        AssertAsksForDataset(runes.Identity);
    }

    private void AssertAsksForDataset(DatasetIdentity identity)
    {
        var error = Assert.Throws<SlcException>(() => Source().Reopen(identity, true, null, Stopping));
        Assert.Equal("DatasetNotFound", error.ErrorId);
        Assert.Contains("-Dataset", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_content_is_noticed_when_reopening()
    {
        var set = Open(new DatasetRequest { Path = _folder.WriteSet("set", [1, 2, 1, 2], [1, 2]) });
        _folder.WriteSet("set", [1, 2, 2, 1], [1, 2]);
        Assert.Equal(
            "DatasetChanged", Assert.Throws<SlcException>(() => Source().Reopen(set.Identity, true, null, Stopping)).ErrorId);
    }

    [Fact]
    public void A_cancelled_token_stops_before_anything_is_read()
    {
        var path = _folder.WriteSet("set", [1, 2, 1, 2], [1, 2]);
        Assert.Throws<OperationCanceledException>(() =>
            Source().Open(new DatasetRequest { Path = path }, null, new CancellationToken(true)));
    }

    private DatasetSource Source(KnownDataset? fashion = null)
    {
        foreach (var name in new[] { "user", "system", "cache" })
            Directory.CreateDirectory(_folder.PathOf(name));
        return new DatasetSource(
            fashion is null ? KnownDataset.All : [.. KnownDataset.All.Where(set => set.Name != fashion.Name), fashion],
            new DatasetLocations([_folder.PathOf("user")], [_folder.PathOf("system")], _folder.PathOf("cache")),
            DatasetDownload.Shared);
    }

    private Dataset Open(DatasetRequest request) => Source().Open(request with { NoDownload = true }, null, Stopping);

    private SlcException Throws(string id, DatasetRequest request, DatasetSource? source = null)
    {
        var error = Assert.Throws<SlcException>(
            () => (source ?? Source()).Open(request with { NoDownload = true }, null, Stopping));
        Assert.Equal(id, error.ErrorId);
        return error;
    }

    private static IEnumerable<int> Rows(DataSplit split) => Enumerable.Range(0, split.Count).Select(i => (int)split.Example(i)[0]);
}
