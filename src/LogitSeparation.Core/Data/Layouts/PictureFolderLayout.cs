using LogitSeparation.Core.Data.Pictures;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Layouts;

/// <summary>
/// Any folder of pictures with one sub-folder a class; or folders <c>train</c> and <c>test</c> (or <c>val</c>) with such sub-folders.
/// Pictures are decoded into memory where they fit, and otherwise whenever they are needed.
/// </summary>
internal sealed class PictureFolderLayout : DatasetLayout
{
    private const string TrainFolder = "train";
    private const long MostInMemory = 1L << 30;

    private static readonly string[] TestFolders = ["test", "val", "valid", "validation"];

    /// <inheritdoc/>
    public override DatasetInfo Info { get; } = new(
        "Pictures", "Pictures in one sub-folder a class", ClassCount: null, ExampleShape: null, TrainCount: null, TestCount: null,
        IsAvailable: false, Location: null, Problem: null, License: null, Source: null);

    /// <inheritdoc/>
    public override bool HasName => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters =>
        [nameof(DatasetRequest.Size), nameof(DatasetRequest.Stream), nameof(DatasetRequest.TestCount)];

    /// <inheritdoc/>
    public override string Expectation => "It is expected as a folder with one sub-folder of pictures a class.";

    /// <inheritdoc/>
    public override bool IsAt(string path)
    {
        try
        {
            return Directory.Exists(path) && PictureList.Subfolders(RootOf(path)).Length > 0;
        }
        catch (SlcException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override LabelledExamples Read(string path, DatasetRequest request, CancellationToken cancellation)
    {
        var root = RootOf(path);
        var classes = PictureList.Subfolders(root);
        var train = PictureList.OfFolders(root, classes, "", cancellation).RequireSome();
        var testFolders = root == path ? [] : Array.FindAll(TestFolders, name => Directory.Exists(Path.Combine(path, name)));
        var test = testFolders.Length == 0 ? null : ReadTest(Path.Combine(path, testFolders[0]), classes, cancellation);
        var shape = ChooseShape(path, test is null ? [train] : [train, test], request.Size, cancellation);
        var bytes = ((long)train.Count + (test?.Count ?? 0)) * shape[0] * shape[1] * shape[2];
        var isStreamed = request.Stream || bytes > MostInMemory;
        return new(classes, shape, Store(train), test is null ? null : Store(test))
        {
            Note = testFolders.Length > 1
                ? $"The test split is the pictures in '{testFolders[0]}'; those in '{testFolders[1]}' are not used."
                : null,
        };

        ExampleStore Store(PictureList list) =>
            isStreamed ? new PictureExamples(list, shape) : PictureLoading.Load(list, shape, cancellation);
    }

    /// <inheritdoc/>
    public override DatasetIdentity Identify(DatasetIdentity identity, DatasetRequest request) =>
        identity with { Size = request.Size, Stream = request.Stream };

    private static string RootOf(string path) => Directory.Exists(Path.Combine(path, TrainFolder)) ? Path.Combine(path, TrainFolder) : path;

    private static PictureList ReadTest(string folder, string[] classes, CancellationToken cancellation)
    {
        var unknown = PictureList.Subfolders(folder).Except(classes, StringComparer.Ordinal).FirstOrDefault();
        return unknown is null
            ? PictureList.OfFolders(folder, classes, "", cancellation).RequireSome()
            : throw new SlcException("UnknownLabel", SlcErrorKind.InvalidData,
                $"'{folder}' has the class folder '{unknown}', and the training pictures have none of that name. Training and test "
                + "pictures need the same classes.", folder);
    }

    private static int[] ChooseShape(string path, PictureList[] lists, int? side, CancellationToken cancellation)
    {
        var (size, isGrey) = PictureLoading.Survey(lists, cancellation);
        var channels = isGrey ? 1 : 3;
        if (side is { } length)
            return [channels, length, length];
        return size is { } all
            ? [channels, all.Height, all.Width]
            : throw new SlcException("PictureSizesDiffer", SlcErrorKind.InvalidArgument,
                Invariant($"The pictures in '{path}' differ in size. Say with -Size to how many columns and rows they shall be scaled."),
                nameof(DatasetRequest.Size));
    }
}
