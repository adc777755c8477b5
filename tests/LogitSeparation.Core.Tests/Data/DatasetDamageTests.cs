using System.Formats.Tar;
using System.IO.Compression;
using LogitSeparation.Core.Data;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

/// <summary>
/// Every kind of file of the data sets, cut short and with bits flipped at many places: an error that names the file, or as many
/// examples of the same shape, within bounds of memory. Formats with checksums have to notice everything.
/// </summary>
public sealed class DatasetDamageTests : IDisposable
{
    private const long MostBytes = 256 << 20;
    private const int Places = 60;

    private readonly DataFolder _folder = new();

    [Fact]
    public void CIFAR10_in_a_folder()
    {
        WriteCifar(10);
        foreach (var file in new[] { "cifar/data_batch_1.bin", "cifar/test_batch.bin", "cifar/batches.meta.txt" })
            Damage(file, new() { Path = _folder.PathOf("cifar"), ValidationCount = 0 }, IsTotal.No, wholeRecords: 3073);
    }

    [Fact]
    public void CIFAR100_in_a_folder()
    {
        WriteCifar(100);
        foreach (var file in new[] { "cifar/train.bin", "cifar/test.bin", "cifar/fine_label_names.txt" })
            Damage(file, new() { Path = _folder.PathOf("cifar"), ValidationCount = 0 }, IsTotal.No, wholeRecords: 3074);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public void CIFAR_in_its_archive(int classCount)
    {
        WriteCifar(classCount);
        using (var stream = File.Create(_folder.PathOf("cifar-binary.tar.gz")))
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            TarFile.CreateFromDirectory(_folder.PathOf("cifar"), gzip, includeBaseDirectory: true);
        var request = new DatasetRequest { Name = $"CIFAR{classCount}", Path = _folder.PathOf("cifar-binary.tar.gz"), ValidationCount = 0 };
        Assert.Equal(Content(request with { Path = _folder.PathOf("cifar") }), Content(request));
        Assert.Equal(Content(request), Content(request with { Name = null }));
        Damage("cifar-binary.tar.gz", request, IsTotal.Yes);
    }

    [Fact]
    public void SVHN()
    {
        foreach (var name in new[] { "train_32x32.mat", "test_32x32.mat" })
            _folder.Write($"svhn/{name}", File.ReadAllBytes(SharedFolder.Require($"data/svhn/{name}")));
        foreach (var file in new[] { "svhn/train_32x32.mat", "svhn/test_32x32.mat" })
            Damage(file, new() { Path = _folder.PathOf("svhn"), ValidationCount = 0 }, IsTotal.Yes, harmless: 128);
    }

    [Fact]
    public void TinyImageNet()
    {
        var source = SharedFolder.Require("data/tiny-imagenet-200");
        string[] classes = ["n01641577", "n02106662"];
        string[] pictures = [.. classes.SelectMany(id => Directory.GetFiles(Path.Combine(source, "train", id, "images")).Order(StringComparer.Ordinal).Take(3))];
        foreach (var picture in pictures)
            _folder.Write("tiny/" + Path.GetRelativePath(source, picture), File.ReadAllBytes(picture));
        _folder.Write("tiny/wnids.txt", "n01641577\nn02106662\n"u8.ToArray());
        _folder.Write("tiny/words.txt", "n01641577\tbullfrog\nn02106662\tshepherd\n"u8.ToArray());
        _folder.Write("tiny/val/val_annotations.txt", "val_0.JPEG\tn02106662\t0\t1\t2\t3\n"u8.ToArray());
        _folder.Write("tiny/val/images/val_0.JPEG", File.ReadAllBytes(pictures[0]));
        var request = new DatasetRequest { Path = _folder.PathOf("tiny"), ValidationCount = 0 };
        Assert.Equal("TinyImageNet", Open(request).Name);
        foreach (var file in new[] { "tiny/wnids.txt", "tiny/words.txt", "tiny/val/val_annotations.txt", "tiny/" + Path.GetRelativePath(source, pictures[1]) })
            Damage(file, request, IsTotal.No);
    }

    [Fact]
    public void ImageNet()
    {
        var picture = File.ReadAllBytes(SharedFolder.Require("data/imagenet/train/n03825788/n03825788_nipple.JPEG"));
        for (var i = 0; i < 4; i++)
            _folder.Write($"imagenet/train/n0000000{i % 2}/{i}.JPEG", picture);
        _folder.Write("imagenet/synset_words.txt", "n00000000 this, that\nn00000001 other\n"u8.ToArray());
        _folder.Write("imagenet/val/1.JPEG", picture);
        _folder.Write("imagenet/val.txt", "1.JPEG 1\n"u8.ToArray());
        var request = new DatasetRequest { Path = _folder.PathOf("imagenet"), ValidationCount = 0, Size = 32 };
        var imageNet = Open(request);
        Assert.Equal(("ImageNet", "this", 1), (imageNet.Name, imageNet.ClassNames[0], imageNet.Test.Labels.Span[0]));
        foreach (var file in new[] { "imagenet/synset_words.txt", "imagenet/val.txt", "imagenet/train/n00000000/0.JPEG", "imagenet/val/1.JPEG" })
            Damage(file, request, IsTotal.No);
    }

    public void Dispose() => _folder.Dispose();

    private void WriteCifar(int classCount)
    {
        var (source, labels) = classCount == 10 ? ("cifar-10", 1) : ("cifar-100", 2);
        string[] records = classCount == 10 ? ["data_batch_1.bin", "test_batch.bin"] : ["train.bin", "test.bin"];
        string[] names = classCount == 10 ? ["batches.meta.txt"] : ["fine_label_names.txt", "coarse_label_names.txt"];
        foreach (var name in records)
            _folder.Write($"cifar/{name}", File.ReadAllBytes(SharedFolder.Require($"data/{source}/{name}"))[..(20 * (3072 + labels))]);
        foreach (var name in names)
            _folder.Write($"cifar/{name}", File.ReadAllBytes(SharedFolder.Require($"data/{source}/{name}")));
    }

    private enum IsTotal
    {
        /// <summary>The format has no checksum: content may be another.</summary>
        No,

        /// <summary>Content is the same or there is an error.</summary>
        Yes,
    }

    private void Damage(string file, DatasetRequest request, IsTotal isTotal, int wholeRecords = 0, int harmless = 0)
    {
        var path = _folder.PathOf(file);
        var intact = File.ReadAllBytes(path);
        var (expected, expectedCount) = (Content(request), Count(request));
        var random = new Random(1);
        var lengths = Enumerable.Range(0, 20).Concat(Enumerable.Range(1, 20).Select(i => intact.Length - i))
            .Concat(Enumerable.Range(0, Places).Select(_ => random.Next(intact.Length))).Where(length => length >= 0 && length < intact.Length).Distinct();
        foreach (var length in lengths)
        {
            // A file without a header that ends between two records is another such file, and is said not to be all.
            var isPart = wholeRecords > 0 && length > 0 && length % wholeRecords == 0;
            Try(file, intact[..length], request, isPart || !file.EndsWith(".gz", StringComparison.Ordinal) && isTotal == IsTotal.No ? null : expected, null);
        }

        foreach (var position in Enumerable.Range(0, Math.Min(40, intact.Length)).Concat(Enumerable.Range(0, Places).Select(_ => random.Next(intact.Length))))
        {
            var damaged = (byte[])intact.Clone();
            damaged[position] ^= (byte)(1 << random.Next(8));
            Try(file, damaged, request, isTotal == IsTotal.Yes && position >= harmless ? expected : null, isTotal == IsTotal.No && wholeRecords > 0 ? expectedCount : null);
        }

        File.WriteAllBytes(path, intact);
        Assert.Equal(expected, Content(request));
    }

    private void Try(string file, byte[] bytes, DatasetRequest request, string? expected, int? expectedCount)
    {
        _folder.Write(file, bytes);
        var before = GC.GetTotalAllocatedBytes();
        try
        {
            var found = Content(request);
            if (expected is not null)
                Assert.Equal(expected, found);
            if (expectedCount is not null)
                Assert.Equal(expectedCount, Count(request));
        }
        catch (SlcException error)
        {
            Assert.Contains(_folder.Root, error.Message, StringComparison.Ordinal);
            Assert.True(error.Kind is SlcErrorKind.InvalidData or SlcErrorKind.NotFound or SlcErrorKind.InvalidArgument, error.ErrorId);
        }

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, MostBytes);
    }

    private static int Count(DatasetRequest request)
    {
        var dataset = Open(request);
        return dataset.Train.Count + dataset.Test.Count;
    }

    private static string Content(DatasetRequest request)
    {
        var dataset = Open(request);
        foreach (var split in new[] { dataset.Train, dataset.Test }.Where(split => !split.Store.IsInMemory))
        {
            for (var i = 0; i < split.Count; i++)
                split.Example(i);
        }

        return $"{dataset.Identity.Checksum} {dataset.Train.Count} {dataset.Test.Count} {string.Join(',', dataset.ClassNames)}";
    }

    private static Dataset Open(DatasetRequest request) => DatasetCatalog.Open(request, null, TestContext.Current.CancellationToken);
}
