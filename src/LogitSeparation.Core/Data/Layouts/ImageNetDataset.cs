using System.Globalization;
using LogitSeparation.Core.Data.Pictures;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Layouts;

/// <summary>
/// ImageNet, ILSVRC-2012 (O. Russakovsky et al. 2015): class folders in <c>train</c>, their order and names in <c>synset_words.txt</c> (or
/// <c>LOC_synset_mapping.txt</c>). The validation pictures, whose labels are public, are the test split: class folders in <c>val</c>, or
/// pictures in <c>val</c> with <c>val.txt</c> (a file and a class index a line). Pictures stay in their files and are decoded ahead of the training.
/// </summary>
internal sealed class ImageNetDataset : DatasetLayout
{
    private const string TrainFolder = "train";
    private const string TestFolder = "val";
    private const string TestLabels = "val.txt";
    private const int Side = 299;

    private static readonly string[] ClassFiles = ["synset_words.txt", "LOC_synset_mapping.txt"];

    /// <inheritdoc/>
    public override DatasetInfo Info { get; } = new(
        "ImageNet", "Photographs of 1000 kinds of things, streamed from files, 299 x 299 unless -Size says otherwise", 1000,
        new[] { 3, Side, Side }, TrainCount: 1281167, TestCount: 50000, IsAvailable: false, Location: null, Problem: null,
        License: "Non-commercial research and education",
        Source: "O. Russakovsky et al. (2015), ImageNet Large Scale Visual Recognition Challenge, https://image-net.org");

    /// <inheritdoc/>
    public override IReadOnlyList<string> FolderNames => ["ILSVRC2012", "ILSVRC-2012", "imagenet-1k"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters => [nameof(DatasetRequest.Size), nameof(DatasetRequest.TestCount)];

    /// <inheritdoc/>
    public override string Expectation =>
        $"It is expected as a folder with {ClassFiles[0]} and class folders (n01440764, …) in {TrainFolder} and {TestFolder}.";

    /// <inheritdoc/>
    public override bool IsAt(string path) => FindClasses(path) is not null && Directory.Exists(Path.Combine(path, TrainFolder));

    /// <inheritdoc/>
    public override LabelledExamples Read(string path, DatasetRequest request, CancellationToken cancellation)
    {
        var (ids, names) = SynsetFile.ReadClasses(FindClasses(path) ?? throw Missing(Path.Combine(path, ClassFiles[0]), "it gives the classes their order."));
        var side = request.Size ?? Side;
        int[] shape = [3, side, side];
        var train = PictureList.OfFolders(Path.Combine(path, TrainFolder), ids, "", cancellation).RequireSome();
        var test = FindTest(path, ids, cancellation);
        return new(names, shape, new PictureExamples(train, shape), test is null ? null : new PictureExamples(test, shape))
        {
            MayLackTest = true,
            Note = NotePart(train.Count, test?.Count ?? 0),
        };
    }

    /// <inheritdoc/>
    public override DatasetIdentity Identify(DatasetIdentity identity, DatasetRequest request) => identity with { Size = request.Size };

    private static string? FindClasses(string path) => ClassFiles.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists);

    private static PictureList? FindTest(string path, string[] ids, CancellationToken cancellation)
    {
        var folder = Path.Combine(path, TestFolder);
        if (!Directory.Exists(folder))
            return null;
        var labels = new[] { Path.Combine(path, TestLabels), Path.Combine(folder, TestLabels) }.FirstOrDefault(File.Exists);
        return labels is null
            ? PictureList.OfFolders(folder, ids, "", cancellation).RequireSome()
            : ReadLabels(folder, labels, ids.Length);
    }

    private static PictureList ReadLabels(string folder, string path, int classCount)
    {
        var lines = SynsetFile.ReadLines(path);
        var (paths, labels) = (new string[lines.Length], new int[lines.Length]);
        for (var i = 0; i < lines.Length; i++)
        {
            var fields = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length != 2 || Path.GetFileName(fields[0]) != fields[0] || !PictureFile.IsName(fields[0])
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out labels[i]) || labels[i] >= classCount)
            {
                throw SynsetFile.Damaged(path, Invariant($"it has the line '{lines[i]}', where a picture and a class index 0 to {classCount - 1} were expected"));
            }

            paths[i] = Path.Combine(folder, fields[0]);
        }

        return new PictureList(folder, paths, labels).RequireSome();
    }
}
