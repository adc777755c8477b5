using LogitSeparation.Core.Data;
using LogitSeparation.Core.Tests.Data.Pictures;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

public sealed class PictureFolderTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public void Class_folders_are_classes_in_the_order_of_their_names()
    {
        Write("set", ("dog", 5), ("cat", 5));
        _folder.Write("set/notes.txt", [1]);
        Directory.CreateDirectory(_folder.PathOf("set/empty"));
        var data = Open("set");
        Assert.Equal(["cat", "dog"], data.ClassNames);
        Assert.Equal("set", data.Name);
        Assert.Equal([3, 24, 32], data.ExampleShape);
        Assert.Equal((8, 2), (data.Train.Count, data.Test.Count));
        Assert.Equal(8 * 31, data.Train.Example(0)[31]);
        Assert.Equal([3, 6, 6], Open("set", size: 6).ExampleShape);
    }

    [Fact]
    public void Grey_pictures_have_one_channel()
    {
        for (var i = 0; i < 4; i++)
            _folder.Write($"set/{"ab"[i % 2]}/{i}.jpg", SmallPictures.GreyJpeg);
        Assert.Equal([1, 24, 32], Open("set").ExampleShape);
    }

    [Fact]
    public void Train_and_test_folders_are_the_splits()
    {
        Write("set/train", ("cat", 3), ("dog", 2));
        Write("set/val", ("dog", 1));
        var data = Open("set");
        Assert.Equal((5, 1, 1), (data.Train.Count, data.Test.Count, data.Test.Labels.Span[0]));
        Assert.Null(data.Note);
        Write("set/test", ("cat", 1));
        Assert.Equal(0, Open("set").Test.Labels.Span[0]);
        Assert.Contains("'val' are not used", Open("set").Note, StringComparison.Ordinal);
        Write("set/test", ("bird", 1));
        Assert.Equal("UnknownLabel", Assert.Throws<SlcException>(() => Open("set")).ErrorId);
    }

    [Fact]
    public void Different_sizes_need_a_size()
    {
        Write("set", ("cat", 2), ("dog", 2));
        var source = SharedFolder.Require("data/tiny-imagenet-200/val/images");
        _folder.Write("set/dog/9.JPEG", File.ReadAllBytes(Directory.GetFiles(source)[0]));
        Assert.Equal("PictureSizesDiffer", Assert.Throws<SlcException>(() => Open("set")).ErrorId);
        Assert.Equal(4, Open("set", size: 8).Train.Count);
    }

    [Fact]
    public void The_first_damaged_picture_is_named()
    {
        Write("set", ("cat", 4), ("dog", 4));
        var first = _folder.Write("set/cat/2.png", SmallPictures.Png[..20]);
        _folder.Write("set/dog/0.png", [1, 2, 3]);
        var error = Assert.Throws<SlcException>(() => Open("set"));
        Assert.Equal("PictureDamaged", error.ErrorId);
        Assert.Contains(first, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string folder, params (string Name, int Count)[] classes)
    {
        foreach (var (name, count) in classes)
        {
            for (var i = 0; i < count; i++)
                _folder.Write($"{folder}/{name}/{i}.png", SmallPictures.Png);
        }
    }

    private Dataset Open(string folder, int? size = null) => DatasetCatalog.Open(
        new() { Path = _folder.PathOf(folder), Size = size, ValidationCount = 0 }, null, TestContext.Current.CancellationToken);
}
