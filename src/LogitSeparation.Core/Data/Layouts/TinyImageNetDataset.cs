using LogitSeparation.Core.Data.Pictures;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Layouts;

/// <summary>
/// Tiny ImageNet (Stanford CS231N): training pictures in <c>train/CLASS/images</c>, validation pictures in one folder with their classes in
/// <c>val/val_annotations.txt</c>. The published test pictures have no labels, so the validation pictures are the test split here.
/// </summary>
internal sealed class TinyImageNetDataset : DatasetLayout
{
    private const string ClassFile = "wnids.txt";
    private const string NameFile = "words.txt";
    private const string AnnotationFile = "val_annotations.txt";
    private const string Images = "images";
    private const int Side = 64;

    private static readonly int[] Shape = [3, Side, Side];

    /// <inheritdoc/>
    public override DatasetInfo Info { get; } = new(
        "TinyImageNet", "Colour pictures of 200 kinds of things, 64 x 64", 200, Shape, TrainCount: 100000, TestCount: 10000,
        IsAvailable: false, Location: null, Problem: null, License: "Non-commercial research and education",
        Source: "Stanford CS231N, http://cs231n.stanford.edu/tiny-imagenet-200.zip; a part of ImageNet, J. Deng et al. (2009)");

    /// <inheritdoc/>
    public override IReadOnlyList<string> FolderNames => ["tiny-imagenet-200", "tiny-imagenet"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters => [nameof(DatasetRequest.Size)];

    /// <inheritdoc/>
    public override string Expectation => $"It is expected as a folder with {ClassFile}, train, and val/{AnnotationFile} (tiny-imagenet-200).";

    /// <inheritdoc/>
    public override bool IsAt(string path) => File.Exists(Path.Combine(path, ClassFile)) && File.Exists(Path.Combine(path, "val", AnnotationFile));

    /// <inheritdoc/>
    public override LabelledExamples Read(string path, DatasetRequest request, CancellationToken cancellation)
    {
        var classes = ReadClasses(Path.Combine(path, ClassFile));
        var train = PictureList.OfFolders(Path.Combine(path, "train"), classes, Images, cancellation).RequireSome();
        var test = ReadAnnotations(Path.Combine(path, "val"), classes);
        var shape = request.Size is { } side ? new[] { 3, side, side } : Shape;
        var note = NotePart(train.Count, test.Count);
        const string Explanation = "Its test split is the published validation pictures, as the published test pictures have no labels.";
        return new(ReadNames(Path.Combine(path, NameFile), classes), shape,
            PictureLoading.Load(train, shape, cancellation), PictureLoading.Load(test, shape, cancellation))
        {
            Note = note is null ? Explanation : $"{note} {Explanation}",
        };
    }

    /// <inheritdoc/>
    public override DatasetIdentity Identify(DatasetIdentity identity, DatasetRequest request) => identity with { Size = request.Size };

    private static string[] ReadClasses(string path)
    {
        var classes = SynsetFile.ReadLines(path);
        return classes.Length > 0 && classes.Distinct(StringComparer.Ordinal).Count() == classes.Length && Array.TrueForAll(classes, SynsetFile.IsId)
            ? classes
            : throw SynsetFile.Damaged(path, "different names of class folders were expected, one a line");
    }

    private static string[] ReadNames(string path, string[] classes)
    {
        if (!File.Exists(path))
            return classes;
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in SynsetFile.ReadLines(path))
        {
            var fields = line.Split('\t', 2, StringSplitOptions.TrimEntries);
            if (fields.Length != 2 || !words.TryAdd(fields[0], fields[1]))
                throw SynsetFile.Damaged(path, $"it has the line '{line}', where a class, a tab and its name were expected");
        }

        var missing = Array.Find(classes, id => !words.ContainsKey(id));
        return missing is null
            ? SynsetFile.Names(classes, Array.ConvertAll(classes, id => words[id]))
            : throw SynsetFile.Damaged(path, $"it does not name the class {missing}");
    }

    private static PictureList ReadAnnotations(string folder, string[] classes)
    {
        var path = Path.Combine(folder, AnnotationFile);
        var (paths, labels) = (new List<string>(), new List<int>());
        foreach (var line in SynsetFile.ReadLines(path))
        {
            var fields = line.Split('\t');
            var label = fields.Length == 6 ? Array.IndexOf(classes, fields[1]) : -1;
            if (label < 0 || Path.GetFileName(fields[0]) != fields[0] || !PictureFile.IsName(fields[0]))
                throw SynsetFile.Damaged(path, $"it has the line '{line}', where a picture, a class of {ClassFile} and four numbers were expected");
            paths.Add(Path.Combine(folder, Images, fields[0]));
            labels.Add(label);
        }

        return paths.Distinct(StringComparer.Ordinal).Count() == paths.Count
            ? new PictureList(folder, [.. paths], [.. labels]).RequireSome()
            : throw SynsetFile.Damaged(path, Invariant($"it names a picture twice"));
    }
}
