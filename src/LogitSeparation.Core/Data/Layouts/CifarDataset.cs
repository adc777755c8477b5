using System.Text;
using LogitSeparation.Core.Formats;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Layouts;

/// <summary>
/// CIFAR-10 and CIFAR-100 (A. Krizhevsky 2009, Learning multiple layers of features from tiny images) in their binary layout: from a
/// folder, or straight from the archive. A record is one label byte (CIFAR-100: coarse, then fine) and the red, green and blue planes.
/// </summary>
internal sealed class CifarDataset : DatasetLayout
{
    // SHA-256 over all pixels and labels of the published CIFAR-10, as DatasetChecksum has it.
    private const string TenChecksum = "12905e2294a118af66e24fbdd6866952929e55767dc26496623369214a511425";

    private static readonly int[] Shape = [3, 32, 32];

    private readonly CifarKind _kind;

    private CifarDataset(CifarKind kind, DatasetInfo info) => (_kind, Info) = (kind, info);

    public static CifarDataset Ten { get; } = new(CifarKind.Ten, Describe("CIFAR10", "Colour pictures of ten kinds of things, 32 x 32", 10));

    public static CifarDataset Hundred { get; } =
        new(CifarKind.Hundred, Describe("CIFAR100", "Colour pictures of a hundred kinds of things in twenty groups, 32 x 32", 100));

    /// <inheritdoc/>
    public override DatasetInfo Info { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> FolderNames => _kind == CifarKind.Ten
        ? ["cifar-10-batches-bin", "cifar-10-binary.tar.gz", "cifar-10-binary.tar"]
        : ["cifar-100-binary", "cifar-100-binary.tar.gz", "cifar-100-binary.tar"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters => _kind == CifarKind.Hundred ? [nameof(DatasetRequest.CoarseLabel)] : [];

    /// <inheritdoc/>
    public override string Expectation =>
        $"It is expected as a folder with {string.Join(", ", _kind.TrainFiles)} and {_kind.TestFile} (the binary version), or as the .tar.gz "
        + "with them.";

    /// <inheritdoc/>
    public override bool IsAt(string path) => Directory.Exists(path)
        ? _kind.TrainFiles.Append(_kind.TestFile).Any(file => File.Exists(Path.Combine(path, file)))
        : TarFile.IsName(path) && TarFile.Contains(path, _kind.Owns);

    /// <inheritdoc/>
    public override LabelledExamples Read(string path, DatasetRequest request, CancellationToken cancellation)
    {
        var files = Directory.Exists(path)
            ? ReadFolder(path, cancellation)
            : TarFile.Read(path, name => _kind.Files.Contains(name), cancellation);
        var label = _kind.LabelBytes == 1 || request.CoarseLabel ? 0 : 1;
        var names = ReadNames(path, files, label);
        var train = Store(Batches(path, files), label);
        var test = Store([(PathOf(path, _kind.TestFile), Require(path, files, _kind.TestFile))], label);
        var note = NotePart(train.Count, test.Count);
        if (note is null && _kind == CifarKind.Ten)
            RequirePublished(path, train, test);
        return new(names, Shape, train, test) { Note = note };
    }

    /// <inheritdoc/>
    public override DatasetIdentity Identify(DatasetIdentity identity, DatasetRequest request) =>
        identity with { CoarseLabel = request.CoarseLabel };

    private Dictionary<string, byte[]> ReadFolder(string folder, CancellationToken cancellation)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in _kind.Files.Where(name => File.Exists(Path.Combine(folder, name))))
        {
            cancellation.ThrowIfCancellationRequested();
            using var stream = InputFile.Open(Path.Combine(folder, name));
            if (stream.Length > Array.MaxLength)
                throw Damaged(PathOf(folder, name), Invariant($"it has {stream.Length} bytes"));
            files.Add(name, FileFailure.Guard(PathOf(folder, name), () => RawElements.Read<byte>(stream, (int)stream.Length)));
        }

        return files;
    }

    // A part of the set may end with any batch, but not skip one.
    private List<(string Path, byte[] Records)> Batches(string path, Dictionary<string, byte[]> files)
    {
        var last = Array.FindLastIndex(_kind.TrainFiles, files.ContainsKey);
        return [.. _kind.TrainFiles.Take(Math.Max(0, last) + 1).Select(name => (PathOf(path, name), Require(path, files, name)))];
    }

    private ByteExamples Store(List<(string Path, byte[] Records)> files, int label)
    {
        foreach (var (path, records) in files)
            CheckRecords(path, records, label);
        var n = files.Sum(file => file.Records.Length / _kind.RecordLength);
        if ((long)n * CifarKind.PixelCount > Array.MaxLength)
            throw Damaged(files[0].Path, Invariant($"with the files beside it, it has {n} records, more than 2 GiB"));
        var pixels = GC.AllocateUninitializedArray<byte>(n * CifarKind.PixelCount);
        var labels = new int[n];
        var row = 0;
        foreach (var (_, records) in files)
        {
            for (var start = 0; start < records.Length; start += _kind.RecordLength, row++)
            {
                labels[row] = records[start + label];
                records.AsSpan(start + _kind.LabelBytes, CifarKind.PixelCount).CopyTo(pixels.AsSpan(row * CifarKind.PixelCount));
            }
        }

        return new(pixels, CifarKind.PixelCount, labels);
    }

    private void CheckRecords(string path, byte[] records, int label)
    {
        if (records.Length == 0 || records.Length % _kind.RecordLength != 0)
            throw Damaged(path, Invariant($"it has {records.Length} bytes, and records have {_kind.RecordLength}"));
        for (var start = 0; start < records.Length; start += _kind.RecordLength)
        {
            for (var i = 0; i < _kind.LabelBytes; i++)
            {
                if (records[start + i] >= _kind.ClassCounts[i])
                {
                    throw Damaged(path, Invariant($"record {start / _kind.RecordLength} has the {(i == label ? "" : "other ")}label ")
                        + Invariant($"{records[start + i]}, and labels are 0 to {_kind.ClassCounts[i] - 1}"));
                }
            }
        }
    }

    private string[] ReadNames(string path, Dictionary<string, byte[]> files, int label)
    {
        var file = _kind.NameFiles[label];
        var names = Encoding.UTF8.GetString(Require(path, files, file)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length == _kind.ClassCounts[label] && names.Distinct(StringComparer.Ordinal).Count() == names.Length
            && !names.Any(name => name.Any(char.IsControl))
            ? names
            : throw Damaged(PathOf(path, file), Invariant($"{_kind.ClassCounts[label]} different names were expected, one a line"));
    }

    private static byte[] Require(string path, Dictionary<string, byte[]> files, string name) => files.TryGetValue(name, out var content)
        ? content
        : throw Missing(PathOf(path, name), "it is part of the data set's binary version.");

    private static void RequirePublished(string path, ByteExamples train, ByteExamples test)
    {
        var checksum = DatasetChecksum.Compute(train, test);
        if (checksum != TenChecksum)
        {
            throw new SlcException("DatasetMismatch", SlcErrorKind.InvalidData,
                $"'{path}' has as many examples as CIFAR10, but not the same: the checksum of its content is {checksum}, where {TenChecksum} "
                + "was expected. Get the files again.", path);
        }
    }

    // How messages name a file in an archive.
    private static string PathOf(string path, string name) => Directory.Exists(path) ? Path.Combine(path, name) : $"{path}: {name}";

    private static SlcException Damaged(string path, string what) => new("CifarFileDamaged", SlcErrorKind.InvalidData,
        $"'{path}' is not a file of the binary version of CIFAR: {what}. Get the file again.", path);

    private static DatasetInfo Describe(string name, string description, int classCount) => new(
        name, description, classCount, Shape, TrainCount: 50000, TestCount: 10000, IsAvailable: false, Location: null, Problem: null,
        License: "Free to use with citation",
        Source: "A. Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images, https://www.cs.toronto.edu/~kriz/cifar.html");
}
