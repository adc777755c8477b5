using System.Globalization;
using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Tests.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

public sealed class LogitsFileTests : IDisposable
{
    private static readonly double[] Sample = [1.5, -2, 0.25, 3, 4, -5.125];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => GoldenCase.All;

    [Theory]
    [InlineData("stored", false, "cat Ärger 犬🐶")]
    [InlineData("deflated", true, "0 1 2")]
    [InlineData("fortran", false, "0 1 2")]
    [InlineData("bigendian", true, "0 1 2")]
    public void Files_written_by_NumPy_are_read(string name, bool isDouble, string classes)
    {
        var path = Committed(name);
        var logits = LogitsFile.Import(path, "Pets", Core.Data.Split.Test, "CE", cancellationToken: Stop);

        Assert.Equal(isDouble, logits.IsDouble);
        Assert.Equal(Sample, Values(logits));
        Assert.Equal([0, 1], logits.Labels.ToArray());
        Assert.Equal(classes.Split(' '), logits.ClassNames);
        Assert.Equal((path, "Pets", "Test", "CE"), (logits.Source, logits.Dataset, logits.Split.ToString(), logits.Loss));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NumPy_reads_what_is_written(bool compress)
    {
        var path = _folder["a.npz"];
        LogitsFile.Export(new MemoryLogits([1.5, double.NaN, double.NegativeInfinity, 1e-300], [1, 0], ["Ä", "犬🐶"]), path, compress, Stop);

        var printed = NumPy.Run(
            """
            f = np.load(sys.argv[1], allow_pickle=False)
            for name in f.files:
                print(name, f[name].dtype.str, f[name].shape, ascii(f[name].tolist()))
            """, path);

        Assert.Equal(
            """
            logits <f8 (2, 2) [[1.5, nan], [-inf, 1e-300]]
            labels <i8 (2,) [1, 0]
            classes <U2 (2,) ['\xc4', '\u72ac\U0001f436']

            """, printed.ReplaceLineEndings());
    }

    [Fact]
    public void What_NumPy_writes_on_this_machine_is_read()
    {
        var path = _folder["a.npz"];
        NumPy.Run("z = np.random.default_rng(1).normal(size=(500, 7)).astype('f4'); np.savez(sys.argv[1], logits=z, labels=z.argmax(1).astype('u2'))", path);

        var logits = LogitsFile.Import(path, cancellationToken: Stop);

        Assert.Equal((500, 7), (logits.Count, logits.ClassCount));
        Assert.Equal(1, SlcMetrics.Measure(logits, cancellationToken: Stop).Accuracy);
    }

    [Property]
    public void What_is_written_is_read(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        foreach (var logits in new[] { table.ToSingle(), table.ToDouble(z => z / 3) })
        {
            LogitsFile.Export(new StreamedLogits(logits), _folder["a.npz"], compress: seed % 2 == 0);
            var read = LogitsFile.Import(_folder["a.npz"]);

            Assert.Equal(logits.IsDouble, read.IsDouble);
            Assert.Equal(Values(logits), Values(read));
            Assert.Equal(table.Labels, read.Labels.ToArray());
            Assert.Equal(logits.ClassNames, read.ClassNames);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Golden_cases_measure_the_same_from_files(string name)
    {
        var golden = GoldenCase.Load(name);
        LogitsFile.Export(golden.ToSingle(), _folder["a.npz"], cancellationToken: Stop);
        var logits = LogitsFile.Import(_folder["a.npz"], cancellationToken: Stop);

        Assert.Equal(golden.Metrics.MeanAp, SlcMetrics.Measure(logits, cancellationToken: Stop).Auprc, 1e-12);
        Assert.Equal(golden.Metrics.ViolatingPairs, Separation.Measure(logits, cancellationToken: Stop).ViolatingPairs);
    }

    [Theory]
    [InlineData("losses")]
    [InlineData("weights")]
    public void Other_arrays_are_the_users_own(string name)
    {
        var logits = LogitsFile.Import(Write(("logits", Matrix(2, 3)), ("labels", Labels(0, 1)), (name, Labels(1, 2))), seed: 7, cancellationToken: Stop);

        Assert.Equal(["0", "1", "2"], logits.ClassNames);
        Assert.Equal(7, logits.Seed);
    }

    [Theory]
    [InlineData("logit", "NpzMemberMissing", "'logit', 'labels'")]
    [InlineData("clases", "LogitsMemberUnknown", "Rename it to 'classes'")]
    public void Wrong_names_are_errors(string name, string id, string expected)
    {
        var path = Write((name == "logit" ? name : "logits", Matrix(2, 3)), ("labels", Labels(0, 1)), (name == "logit" ? "more" : name, Labels(1, 2)));

        AssertError(path, id, expected);
    }

    [Fact]
    public void Disagreeing_shapes_and_types_are_errors()
    {
        AssertError(Write(("logits", DenseArray.Create(new float[6], 6)), ("labels", Labels(0))), "LogitsShapeInvalid", "(6,)");
        AssertError(Write(("logits", Matrix(2, 3)), ("labels", Labels(0, 1, 2))), "LogitsShapeInvalid", "(3,)");
        AssertError(Write(("logits", Matrix(2, 3)), ("labels", DenseArray.Create(new long[2], 2, 1))), "LogitsShapeInvalid", "ravel");
        AssertError(Write(("logits", Matrix(0, 3)), ("labels", Labels())), "LogitsEmpty", "(0, 3)");
        AssertError(Write(("logits", Matrix(3, 0)), ("labels", Labels(0, 0, 0))), "LogitsEmpty", "(3, 0)");
        AssertError(Write(("logits", DenseArray.Create(["1", "2"], 1, 2)), ("labels", Labels(0))), "LogitsTypeInvalid", "float32");
        AssertError(Write(("logits", Matrix(2, 3)), ("labels", DenseArray.Create(new double[2], 2))), "LogitsTypeInvalid", "int64");
        AssertError(Write(("logits", Matrix(2, 3)), ("labels", Labels(0, 1)), ("classes", DenseArray.Create(["a", "b"], 2))), "LogitsShapeInvalid", "3 columns");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void A_label_out_of_range_is_an_error_that_names_its_row(long label) => AssertError(
        Write(("logits", Matrix(2, 3)), ("labels", Labels(0, label))), "LabelOutOfRange", string.Create(CultureInfo.InvariantCulture, $"label {label} of example 1"));

    [Fact]
    public void What_cannot_be_written_is_an_error()
    {
        var lone = new MemoryLogits([1f, 2], [0], ["a", "\ud800"]);

        Assert.Equal("ClassNameInvalid", Assert.Throws<SlcException>(() => LogitsFile.Export(lone, _folder["a.npz"], false, Stop)).ErrorId);
        var empty = new MemoryLogits(Array.Empty<float>(), [], ["a"]);
        Assert.Equal("LogitsEmpty", Assert.Throws<SlcException>(() => LogitsFile.Export(empty, _folder["a.npz"], false, Stop)).ErrorId);
        var fine = new MemoryLogits([1f], [0], ["a"]);
        Assert.Equal("NotWritable", Assert.Throws<SlcException>(() => LogitsFile.Export(fine, _folder.Path, false, Stop)).ErrorId);
        Assert.Throws<OperationCanceledException>(() => LogitsFile.Export(fine, _folder["a.npz"], false, new CancellationToken(true)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("stored")]
    [InlineData("deflated")]
    [InlineData("fortran")]
    public void Every_damage_is_noticed_or_harmless(string name)
    {
        var intact = File.ReadAllBytes(Committed(name));

        Damage.Truncate(intact, Describe, ".npz");
        Damage.Flip(intact, Describe, ".npz");
    }

    public void Dispose() => _folder.Dispose();

    private static string Describe(string path)
    {
        var logits = LogitsFile.Import(path);
        return string.Join(' ', [logits.IsDouble, .. Values(logits), .. logits.Labels.ToArray(), .. logits.ClassNames]);
    }

    private static string Committed(string name) => Path.Combine(AppContext.BaseDirectory, "npz", $"{name}.npz");

    private static double[] Values(Logits logits)
    {
        var values = new double[logits.Count * logits.ClassCount];
        using var reader = logits.Open();
        reader.Read(0, values);
        return values;
    }

    private static DenseArray Matrix(int n, int k) => DenseArray.Create(new float[n * k], n, k);

    private static DenseArray Labels(params long[] labels) => DenseArray.Create(labels, labels.Length);

    private static void AssertError(string path, string id, string expected)
    {
        var error = Assert.Throws<SlcException>(() => LogitsFile.Import(path));
        Assert.Equal((id, SlcErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private string Write(params (string Name, DenseArray Array)[] arrays)
    {
        AtomicFile.Write(_folder["a.npz"], stream =>
        {
            using var writer = new NpzWriter(stream, compress: false);
            foreach (var (name, array) in arrays)
                writer.Add(name, array);
        });
        return _folder["a.npz"];
    }
}
