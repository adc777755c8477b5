using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Tests.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

public sealed class LogitsFormatTests : IDisposable
{
    private static readonly string[] InFile = [".npz", ".npy", ".safetensors"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Extensions => [.. LogitsFile.Extensions];

    [Property]
    public void What_is_written_is_read_in_every_format(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        foreach (var extension in LogitsFile.Extensions)
        {
            // A third is no float32, but a table of zeros is one all the same, and text does not tell.
            foreach (var logits in new[] { table.ToSingle(), table.ToDouble(z => z / 3 + 0.1) })
            {
                LogitsFile.Export(new StreamedLogits(logits), _folder["a" + extension]);
                AssertSame(logits, LogitsFile.Import(_folder["a" + extension]), hasNames: extension != ".npy");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Extensions))]
    public void Infinities_NaN_signs_and_denormals_pass_through(string extension)
    {
        var values = new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.Epsilon, float.MaxValue };
        LogitsFile.Export(new MemoryLogits(values, [2, 0], ["a,b", "say \"c\"", " d "]), _folder["a" + extension], false, Stop);
        var read = Assert.IsType<MemoryLogits>(LogitsFile.Import(_folder["a" + extension], cancellationToken: Stop));

        Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), read.SingleLogits.ToArray().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal([2, 0], read.Labels.ToArray());
        if (extension != ".npy")
            Assert.Equal(["a,b", "say \"c\"", " d "], read.ClassNames);
    }

    [Theory]
    [MemberData(nameof(Extensions))]
    public void Reading_stops_when_it_is_cancelled(string extension)
    {
        LogitsFile.Export(new MemoryLogits([1f, 2, 3, 4], [0, 1], ["a", "b"]), _folder["a" + extension], false, Stop);

        Assert.ThrowsAny<OperationCanceledException>(() => LogitsFile.Import(_folder["a" + extension], cancellationToken: new(canceled: true)));
        Assert.ThrowsAny<OperationCanceledException>(
            () => LogitsFile.Import(new LogitsOrigin(_folder["a" + extension]), null, largestInMemory: 0, new(canceled: true)));
    }

    [Fact]
    public void A_cancelled_npy_leaves_both_files_as_they_were()
    {
        var before = new MemoryLogits([1f, 2, 3, 4], [0, 1], ["0", "1"]);
        LogitsFile.Export(before, _folder["a.npy"], false, Stop);

        Assert.ThrowsAny<OperationCanceledException>(() => LogitsFile.Export(
            new MemoryLogits([5f, 6, 7, 8], [1, 0], ["0", "1"]), _folder["a.npy"], false, new CancellationToken(canceled: true)));

        Assert.Equal([0, 1], LogitsFile.Import(_folder["a.npy"], cancellationToken: Stop).Labels.ToArray());
        Assert.Equal(["a.labels.npy", "a.npy"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Large_tables_stay_in_their_files_and_measure_the_same()
    {
        var table = RandomTable.Create(new Random(2), 500, 12);
        foreach (var extension in InFile)
        {
            foreach (var logits in new[] { table.ToSingle(), table.ToDouble(z => z / 3 + 0.1) })
            {
                LogitsFile.Export(logits, _folder["a" + extension], false, Stop);
                var read = LogitsFile.Import(new LogitsOrigin(_folder["a" + extension]), null, largestInMemory: 1000, Stop);

                Assert.IsType<FileLogits>(read);
                AssertSame(logits, read, hasNames: extension != ".npy");
                var (expected, actual) = (LogitEvaluation.Measure(logits, cancellationToken: Stop), LogitEvaluation.Measure(read, cancellationToken: Stop));
                Assert.Equal(expected.Metrics.Auprc, actual.Metrics.Auprc);
                Assert.Equal(expected.Metrics.UniformThreshold, actual.Metrics.UniformThreshold);
                Assert.Equal(expected.Separation.ViolatingPairs, actual.Separation.ViolatingPairs);
            }
        }
    }

    [Fact]
    public void A_file_that_changes_under_its_table_is_an_error()
    {
        LogitsFile.Export(RandomTable.Create(new Random(2), 500, 12).ToSingle(), _folder["a.npy"], false, Stop);
        var read = LogitsFile.Import(new LogitsOrigin(_folder["a.npy"]), null, largestInMemory: 1000, Stop);
        using (var file = File.OpenWrite(_folder["a.npy"]))
            file.SetLength(2000);

        var error = Assert.Throws<SlcException>(() => SlcMetrics.Measure(read, null, Stop));
        Assert.Equal("LogitsFileChanged", error.ErrorId);
        Assert.Contains("a.npy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NumPy_reads_npy_and_csv_and_writes_npy()
    {
        var table = new MemoryLogits([1.5f, float.NaN, float.NegativeInfinity, 0.1f, 2, 3], [1, 0], ["a", "b", "c"]);
        LogitsFile.Export(table, _folder["a.npy"], false, Stop);
        LogitsFile.Export(table, _folder["a.csv"], false, Stop);
        var printed = NumPy.Run(
            """
            z, y = np.load(sys.argv[1] + '/a.npy', allow_pickle=False), np.load(sys.argv[1] + '/a.labels.npy', allow_pickle=False)
            print(z.dtype.str, z.tolist(), y.dtype.str, y.tolist())
            t = np.genfromtxt(sys.argv[1] + '/a.csv', delimiter=',', names=True, dtype=None, encoding='utf8')
            print(t.dtype.names, t['label'].tolist(), np.array_equal(np.stack([t['a'], t['b'], t['c']], 1).astype('f4'), z, equal_nan=True))
            np.save(sys.argv[1] + '/b.npy', np.asfortranarray(z.astype('>f8')))
            np.save(sys.argv[1] + '/y.npy', y.astype('u1'))
            """, _folder.Path);

        Assert.Equal(
            """
            <f4 [[1.5, nan, -inf], [0.10000000149011612, 2.0, 3.0]] <i8 [1, 0]
            ('label', 'a', 'b', 'c') ['b', 'a'] True

            """, printed.ReplaceLineEndings());
        var read = LogitsFile.Import(_folder["b.npy"], labelPath: _folder["y.npy"], cancellationToken: Stop);
        Assert.True(read.IsDouble);
        AssertSame(table, read, hasNames: false, sameType: false);
    }

    [Fact]
    public void Python_reads_the_bytes_of_safetensors_and_writes_them()
    {
        var table = RandomTable.Create(new Random(4), 9, 3).ToSingle();
        LogitsFile.Export(table, _folder["a.safetensors"], false, Stop);
        NumPy.Run(
            """
            import json
            raw = open(sys.argv[1] + '/a.safetensors', 'rb').read()
            n = int.from_bytes(raw[:8], 'little')
            head, data = json.loads(raw[8:8 + n]), raw[8 + n:]
            def tensor(name, dtype):
                b, e = head[name]['data_offsets']
                return np.frombuffer(data[b:e], dtype).reshape(head[name]['shape'])
            z, y = tensor('logits', '<f4'), tensor('labels', '<i8')
            z, y = (z * 2).astype('<f4'), y.astype('<i4')
            head = {'logits': {'dtype': 'F32', 'shape': list(z.shape), 'data_offsets': [0, z.nbytes]},
                    'labels': {'dtype': 'I32', 'shape': list(y.shape), 'data_offsets': [z.nbytes, z.nbytes + y.nbytes]},
                    '__metadata__': {'classes': head['__metadata__']['classes']}}
            text = json.dumps(head).encode()
            open(sys.argv[1] + '/b.safetensors', 'wb').write(len(text).to_bytes(8, 'little') + text + z.tobytes() + y.tobytes())
            """, _folder.Path);

        var doubled = new MemoryLogits(Array.ConvertAll(table.SingleLogits.ToArray(), z => 2 * z), table.Labels.ToArray(), table.ClassNames);
        AssertSame(doubled, LogitsFile.Import(_folder["b.safetensors"], cancellationToken: Stop), hasNames: true);
    }

    [Theory]
    [InlineData("label,a,b\na,1,2\nb,1", "CsvFileDamaged", "line 3: it has 2 fields")]
    [InlineData("label,a,b\na,1,x", "CsvFileDamaged", "column 'b' holds 'x'")]
    [InlineData("label,a,b\nc,1,2", "LabelOutOfRange", "label 'c' of example 0")]
    [InlineData("label,a,b\n2,1,2", "LabelOutOfRange", "label 2 of example 0")]
    [InlineData("label,1,2,3\n1,5,1,1\n0,1,2,3", "LabelOutOfRange", "label '0' of example 1")]
    [InlineData("label,cat,dog\ncat,1,2\n1,1,2", "LabelOutOfRange", "label '1' of example 1")]
    [InlineData("label,a,a\na,1,2", "LabelOutOfRange", "'a' heads more than one column")]
    [InlineData("label,a,b\na,1e400,2", "CsvFileDamaged", "that float64 can hold")]
    [InlineData("label;a;b\na;1;2", "CsvFileDamaged", "separated by commas")]
    [InlineData("a,b\n1,2", "CsvFileDamaged", "no column 'label'")]
    [InlineData("label,label,b\n1,1,2", "CsvFileDamaged", "2 columns 'label'")]
    [InlineData("label,\"a\n1,2", "CsvFileDamaged", "within quotes")]
    [InlineData("label,a,b\n", "LogitsEmpty", "no rows")]
    [InlineData("label\n1", "LogitsEmpty", "besides 'label'")]
    [InlineData("", "CsvFileDamaged", "empty")]
    public void Text_that_is_no_table_is_an_error(string text, string id, string expected)
    {
        File.WriteAllText(_folder["a.csv"], text);

        var error = Assert.Throws<SlcException>(() => LogitsFile.Import(_folder["a.csv"], cancellationToken: Stop));
        Assert.Equal((id, SlcErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Contains("a.csv", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_names_or_numbers()
    {
        File.WriteAllText(_folder["a.csv"], "b,Label,a\r\n1,a,2\r\n\r\n3,b,0.5\r\n");
        File.WriteAllText(_folder["b.csv"], "label,b,a\n1,1,2\n0,3,0.1\n");

        Assert.Equal([1, 0], LogitsFile.Import(_folder["a.csv"], cancellationToken: Stop).Labels.ToArray());
        Assert.Equal(["b", "a"], LogitsFile.Import(_folder["a.csv"], cancellationToken: Stop).ClassNames);
        Assert.Equal((false, true), (LogitsFile.Import(_folder["a.csv"], cancellationToken: Stop).IsDouble, LogitsFile.Import(_folder["b.csv"], cancellationToken: Stop).IsDouble));
        Assert.Equal([1, 0], LogitsFile.Import(_folder["b.csv"], cancellationToken: Stop).Labels.ToArray());

        // Names that are numbers are names, and blanks around a name are not part of it.
        File.WriteAllText(_folder["c.csv"], "1, 2,3,label\n9,1,1,1\n1,9,1,2 \n");
        Assert.Equal([0, 1], LogitsFile.Import(_folder["c.csv"], cancellationToken: Stop).Labels.ToArray());
    }

    [Theory]
    [InlineData("label\n1\n0\n")]
    [InlineData("1\n0\n")]
    [InlineData("id,label\nx,1\ny,0\n")]
    public void Labels_of_an_array_may_be_text(string text)
    {
        NumPyArray("z.npy", DenseArray.Create([1f, 2, 3, 4], 2, 2));
        File.WriteAllText(_folder["y.csv"], text);

        Assert.Equal([1, 0], LogitsFile.Import(_folder["z.npy"], labelPath: _folder["y.csv"], cancellationToken: Stop).Labels.ToArray());
    }

    [Fact]
    public void Wrong_calls_are_errors_that_say_what_to_do()
    {
        NumPyArray("z.npy", DenseArray.Create([1f, 2, 3, 4], 2, 2));
        NumPyArray("y.npy", DenseArray.Create([1L, 0, 1], 3));

        AssertError("LabelsMissing", "-LabelPath", () => LogitsFile.Import(_folder["z.npy"]));
        AssertError("LogitsShapeInvalid", "y.npy", () => LogitsFile.Import(_folder["z.npy"], labelPath: _folder["y.npy"]));
        AssertError("LogitsShapeInvalid", "(3,)", () => LogitsFile.Import(_folder["y.npy"], labelPath: _folder["y.npy"]));
        AssertError("LabelPathUnused", "a.npz", () => LogitsFile.Import(_folder["a.npz"], labelPath: _folder["y.npy"]));
        AssertError("LogitsFormatUnknown", ".safetensors", () => LogitsFile.Import(_folder["a.txt"]));
        var named = new MemoryLogits([1f, 2], [0], ["a", "Label"]);
        AssertError("ClassNameInvalid", "Label", () => LogitsFile.Export(named, _folder["a.csv"], false, Stop));
        AssertError("LogitsFormatUnknown", ".csv", () => LogitsFile.Export(named, _folder["a.mat"], false, Stop));
    }

    [Theory]
    [MemberData(nameof(Extensions))]
    public void Every_damage_is_noticed_or_harmless(string extension)
    {
        if (extension is ".npz" or ".csv")
            Assert.Skip(extension == ".npz" ? "Tried with NumPy's own files." : "Text has no checksum: another digit is another number.");
        LogitsFile.Export(new MemoryLogits([1.5f, -2, 0.25f, 3, 4, -5.125f], [0, 1], ["a", "b", "c"]), _folder["a" + extension], false, Stop);
        File.Copy(_folder["a" + extension], _folder["b" + extension]);
        var intact = File.ReadAllBytes(_folder["b" + extension]);
        var labels = extension == ".npy" ? _folder["a.labels.npy"] : null;

        Damage.Truncate(intact, path => Describe(LogitsFile.Import(path, labelPath: labels)), extension);
        if (extension == ".safetensors")
            Damage.Flip(intact, path => Describe(LogitsFile.Import(path)), extension);
    }

    public void Dispose() => _folder.Dispose();

    private static string Describe(Logits logits) =>
        string.Join(' ', [logits.IsDouble, .. Values(logits), .. logits.Labels.ToArray(), .. logits.ClassNames]);

    private static double[] Values(Logits logits)
    {
        var values = new double[logits.Count * logits.ClassCount];
        using var reader = logits.Open();
        reader.Read(0, values);
        return values;
    }

    private static void AssertSame(Logits expected, Logits actual, bool hasNames, bool sameType = true)
    {
        Assert.Equal(Values(expected), Values(actual));
        Assert.Equal(expected.Labels.ToArray(), actual.Labels.ToArray());
        if (sameType)
            Assert.Equal(expected.IsDouble, actual.IsDouble);
        if (hasNames)
            Assert.Equal(expected.ClassNames, actual.ClassNames);
    }

    private static void AssertError(string id, string expected, Action action)
    {
        var error = Assert.Throws<SlcException>(action);
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private void NumPyArray(string name, DenseArray array) => AtomicFile.Write(_folder[name], stream => NpyArray.Write(stream, array));
}
