using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Tests.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

public sealed class ArrayDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Float_features_are_scaled_feature_by_feature()
    {
        WriteNpy("x.npy", DenseArray.Create(new[] { 1f, 100f, 2f, 100f, 3f, 100f, 4f, 100f, 5f, 100f, 6f, 100f }, 6, 2));
        WriteNpy("y.npy", DenseArray.Create(new long[] { 7, -3, 7, -3, 7, -3 }, 6, 1));
        var data = Open(new() { Path = PathOf("x.npy"), TestCount = 2, ValidationCount = 0 });
        Assert.Equal(("x", ["-3", "7"]), (data.Name, data.ClassNames.ToArray()), Same);
        Assert.Equal([2], data.ExampleShape);
        Assert.Equal(2, data.Scaling.Mean.Count);
        Assert.Equal((100, 1), (data.Scaling.Mean[1], data.Scaling.Deviation[1]));
        Assert.Equal(PathOf("x.npy"), data.Path);
        Assert.Equal(data.Train.Example(0), DatasetCatalog.Reopen(data.Identity, true, null, TestContext.Current.CancellationToken).Train.Example(0));
    }

    [Fact]
    public void Pictures_may_have_their_channels_last()
    {
        var bytes = Enumerable.Range(0, 4 * 2 * 5 * 3).Select(i => (byte)i).ToArray();
        WriteNpy("images.npy", DenseArray.Create(bytes, 4, 2, 5, 3));
        WriteNpy("labels.npy", DenseArray.Create(new byte[] { 0, 1, 0, 1 }, 4));
        var data = Open(new() { Path = PathOf("images.npy"), TestCount = 1, ValidationCount = 0 });
        Assert.Equal([3, 2, 5], data.ExampleShape);
        var first = data.Train.Example(0);
        var start = first[0];
        Assert.Equal([start, start + 3, start + 6], first[..3]);
        Assert.Equal([start + 1, start + 4], first[10..12]);
        Assert.Equal(3, data.Scaling.Mean.Count);
    }

    [Fact]
    public void Test_arrays_of_their_own_are_the_test_split_and_texts_are_classes()
    {
        WriteNpy("train_x.npy", DenseArray.Create(new double[] { 1, 2, 3, 4 }, 4, 1));
        WriteNpy("train_y.npy", DenseArray.Create(new[] { "pear", "apple", "pear", "apple" }, 4));
        WriteNpy("test_x.npy", DenseArray.Create(new double[] { 9 }, 1, 1));
        WriteNpy("test_y.npy", DenseArray.Create(new[] { "pear" }, 1));
        var data = Open(new() { Path = PathOf("train_x.npy"), TestPath = PathOf("test_x.npy"), ValidationCount = 0 });
        Assert.Equal(["apple", "pear"], data.ClassNames);
        Assert.Equal([1], data.Test.Labels.ToArray());
        Assert.Equal([9f], data.Test.Example(0));
        WriteNpy("test_y.npy", DenseArray.Create(new[] { "plum" }, 1));
        Assert.Equal("UnknownLabel", Fail(new() { Path = PathOf("train_x.npy"), TestPath = PathOf("test_x.npy") }).ErrorId);
    }

    [Theory]
    [InlineData("a,label,b\n1,cat,2\n3,dog,4\n5,cat,6\n7,dog,8\n", null, new[] { "cat", "dog" }, new[] { 1f, 2f })]
    [InlineData("1,2,0\n3,4,1\n5,6,0\n7,8,1\n", null, new[] { "0", "1" }, new[] { 1f, 2f })]
    [InlineData("1,2,0\n1,4,1\n2,6,0\n2,8,1\n", "1", new[] { "1", "2" }, new[] { 2f, 0f })]
    [InlineData("a,b,kind\n1,2,10\n3,4,9\n5,6,10\n7,8,9\n", "KIND", new[] { "9", "10" }, new[] { 1f, 2f })]
    public void Tables_have_their_labels_in_a_column(string text, string? column, string[] classes, float[] first)
    {
        var path = _folder.Write("table.csv", System.Text.Encoding.UTF8.GetBytes(text));
        var data = Open(new() { Path = path, LabelColumn = column, TestCount = 1, ValidationCount = 0 });
        Assert.Equal(classes, data.ClassNames);
        var all = Enumerable.Range(0, 3).Select(data.Train.Example).Append(data.Test.Example(0));
        Assert.Contains(all, example => example.SequenceEqual(first));
    }

    [Theory]
    [InlineData("a,label\n1,cat\nx,dog\n", "CsvFileDamaged", "line 3")]
    [InlineData("a,label\n1,cat\nNaN,dog\n", "CsvFileDamaged", "line 3")]
    [InlineData("a,label\n1,cat\n2\n", "CsvFileDamaged", "line 3")]
    [InlineData("a,label\n", "ArrayFileInvalid", "no examples")]
    [InlineData("label\ncat\n", "CsvFileDamaged", "one column")]
    [InlineData("a,label\n1,\n", "CsvFileDamaged", "empty")]
    public void Damaged_tables_are_refused_by_line(string text, string id, string message)
    {
        var path = _folder.Write("table.csv", System.Text.Encoding.UTF8.GetBytes(text));
        var error = Fail(new() { Path = path });
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_arrays_are_refused()
    {
        WriteNpy("x.npy", DenseArray.Create(new[] { 1f, float.NaN }, 2, 1));
        WriteNpy("y.npy", DenseArray.Create(new[] { 0, 1 }, 2));
        Assert.Contains("example 1", Fail(new() { Path = PathOf("x.npy") }).Message, StringComparison.Ordinal);
        WriteNpy("y.npy", DenseArray.Create(new[] { 0, 1, 2 }, 3));
        Assert.Equal("ExampleCountMismatch", Fail(new() { Path = PathOf("x.npy") }).ErrorId);
        WriteNpy("y.npy", DenseArray.Create(new[] { 0f, 1f }, 2));
        Assert.Equal("ArrayFileInvalid", Fail(new() { Path = PathOf("x.npy") }).ErrorId);
        File.Delete(PathOf("y.npy"));
        Assert.Equal("LabelFileMissing", Fail(new() { Path = PathOf("x.npy") }).ErrorId);
        Assert.Equal("DatasetParameterUnused", Fail(new() { Path = PathOf("x.npy"), CoarseLabel = true }).ErrorId);
        Assert.Equal("DatasetParameterUnused", Fail(new() { Name = "Digits", Size = 3 }).ErrorId);
        Assert.Equal("DatasetParameterUnused", Fail(new() { Name = "Digits", Synthetic = new() }).ErrorId);
    }

    [Fact]
    public void Damaged_arrays_are_errors_or_as_many_examples()
    {
        var values = WriteNpy("x.npy", DenseArray.Create(Enumerable.Range(0, 24).Select(i => (float)i).ToArray(), 12, 2));
        var labels = WriteNpy("y.npy", DenseArray.Create(Enumerable.Range(0, 12).Select(i => i % 2).ToArray(), 12));
        var (valuePath, labelPath) = (PathOf("x.npy"), PathOf("y.npy"));
        Damage.Truncate(values, path => $"{Count(path, labelPath)}", ".npy");
        Damage.FlipUnchecked(values, path => Count(path, labelPath), ".npy");
        Damage.Truncate(labels, path => $"{Count(valuePath, path)}", ".npy");

        static int Count(string path, string labelPath)
        {
            var data = Open(new() { Path = path, LabelPath = labelPath, TestCount = 1, ValidationCount = 0 });
            return data.Train.Count + data.Test.Count;
        }
    }

    public void Dispose() => _folder.Dispose();

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private byte[] WriteNpy(string name, DenseArray array)
    {
        using var stream = new MemoryStream();
        NpyArray.Write(stream, array);
        _folder.Write(name, stream.ToArray());
        return stream.ToArray();
    }

    private static bool Same((string, string[]) a, (string, string[]) b) => a.Item1 == b.Item1 && a.Item2.SequenceEqual(b.Item2);

    private static Dataset Open(DatasetRequest request) => DatasetCatalog.Open(request, null, TestContext.Current.CancellationToken);

    private static SlcException Fail(DatasetRequest request) => Assert.Throws<SlcException>(() => Open(request));
}
