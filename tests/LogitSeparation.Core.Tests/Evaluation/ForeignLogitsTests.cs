using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Tests.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

/// <summary>Files as other people's programs write them.</summary>
public sealed class ForeignLogitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Logits Read(string name) => LogitsFile.Import(_folder[name], cancellationToken: Stop);

    private SlcException Refused(string name) => Assert.Throws<SlcException>(() => Read(name));

    [Theory]
    [InlineData(",label,a,b\n0,a,1,2\n1,b,1,2\n", "column 1 has no name")]
    [InlineData("label,a,b, \na,1,2,3\n", "column 4 has no name")]
    [InlineData("Unnamed: 0,label,a,b\n0,a,1,2\n", "column 1 is called 'Unnamed: 0'")]
    public void The_index_that_pandas_writes_is_no_class(string text, string expected)
    {
        File.WriteAllText(_folder["a.csv"], text);

        var error = Refused("a.csv");
        Assert.Equal("CsvFileDamaged", error.ErrorId);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("index=False", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_csv_without_labels_says_so_in_words()
    {
        File.WriteAllText(_folder["a.csv"], "y,cat,dog\ncat,2.5,1\n");
        Assert.Contains("its header has no column 'label', and one is needed", Refused("a.csv").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_could_be_names_or_numbers_are_warned_of()
    {
        File.WriteAllText(_folder["swapped.csv"], "label,1,0\n0,2.5,1\n1,-3,1.5\n");
        var logits = Read("swapped.csv");
        Assert.Equal([1, 0], logits.Labels.ToArray());
        Assert.Contains("'0' is taken as column 1", Assert.Single(logits.Notice), StringComparison.Ordinal);

        // The same either way, and numbers that are no columns.
        File.WriteAllText(_folder["plain.csv"], "label,0,1\n0,2.5,1\n1,-3,1.5\n");
        Assert.Empty(Read("plain.csv").Notice);
        File.WriteAllText(_folder["from1.csv"], "label,1,2\n1,2.5,1\n2,-3,1.5\n");
        Assert.Empty(Read("from1.csv").Notice);
    }

    [Fact]
    public void Short_labels_get_no_guess_and_few_names_are_listed()
    {
        File.WriteAllText(_folder["a.csv"], "label,a,b\na,1,2\nc,1,2\n");
        var message = Refused("a.csv").Message;
        Assert.DoesNotContain("Did you mean", message, StringComparison.Ordinal);
        Assert.EndsWith("There are: a, b.", message, StringComparison.Ordinal);
        Assert.Null(NearestName.Find("ab", ["abc", "b"]));
        Assert.Equal("BatchCE", NearestName.Find("BachCE", ["CE", "BatchCE"]));
    }

    [Theory]
    [InlineData("np.int64", "[[-5, 3], [4, 1]]", "float32")]
    [InlineData("np.uint8", "[[5, 3], [4, 1]]", "float32")]
    [InlineData("np.int64", "[[2**53, 3], [2**53 - 1, 1]]", "float64")]
    public void Integers_that_a_float_holds_are_logits(string type, string values, string expected)
    {
        NumPy.Run($"np.savez(sys.argv[1], logits=np.array({values}, {type}), labels=np.array([0, 1]))", _folder["a.npz"]);

        var logits = Read("a.npz");
        Assert.Equal(expected, logits.IsDouble ? "float64" : "float32");
        Assert.Equal((2, 2), (logits.ExampleCount, logits.ClassCount));
        using var reader = logits.Open();
        var row = new double[2];
        reader.Read(0, row);
        Assert.Equal(values.StartsWith("[[2", StringComparison.Ordinal) ? 9007199254740992 : row[0], row[0]);
        Assert.Equal(3, row[1]);
    }

    [Fact]
    public void Integers_that_no_float_holds_are_refused()
    {
        NumPy.Run("np.savez(sys.argv[1], logits=np.array([[2**53 + 1, 3]]), labels=np.array([0]))", _folder["a.npz"]);
        Assert.Equal("LogitsTypeInvalid", Refused("a.npz").ErrorId);
    }

    [Fact]
    public void Names_of_bytes_are_read_and_objects_are_told_how_to_become_names()
    {
        NumPy.Run("np.savez(sys.argv[1], logits=np.eye(2), labels=np.array([0, 1]), classes=np.array([b'a', b'\\xc3\\xa9t']))", _folder["bytes.npz"]);
        Assert.Equal(["a", "ét"], Read("bytes.npz").ClassNames);

        NumPy.Run("np.savez(sys.argv[1], logits=np.eye(2), labels=np.array([0, 1]), classes=np.array([b'a', b'\\xff']))", _folder["latin.npz"]);
        Assert.Equal("NpyArrayDamaged", Refused("latin.npz").ErrorId);

        NumPy.Run("np.savez(sys.argv[1], logits=np.eye(2), labels=np.array([0, 1]), classes=np.array(['a', 'b'], dtype=object))", _folder["objects.npz"]);
        var error = Refused("objects.npz");
        Assert.Equal("NpyTypeUnsupported", error.ErrorId);
        Assert.Contains(".astype(str)", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
