using LogitSeparation.Core.Data;
using LogitSeparation.Core.Data.Layouts;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Inference;

/// <summary>Examples that are looked through for classes, or whose features are kept, one after the other and each once.</summary>
public abstract class ExampleSource
{
    private protected ExampleSource(string? name) => Name = name;

    /// <summary>What the examples are, in words; null for pictures, each of which has its own path.</summary>
    public string? Name { get; }

    /// <summary>The examples of a split.</summary>
    /// <param name="dataset">Any data set with examples of the model's shape.</param>
    /// <param name="split">Which of its examples.</param>
    public static ExampleSource OfSplit(Dataset dataset, Split split)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new SplitExamples(dataset[split], dataset.ExampleShape, dataset.ClassNames, $"{dataset.Name} {split}");
    }

    /// <summary>Rows of numbers.</summary>
    /// <param name="values">n x <paramref name="length"/> finite numbers as the model's training had them, row after row; not copied.</param>
    /// <param name="length">The numbers of one example.</param>
    /// <exception cref="SlcException"><c>FeatureRowInvalid</c>: there are none, they are no whole rows, or one is not finite.</exception>
    public static ExampleSource OfRows(float[] values, int length)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (length < 1 || values.Length == 0 || values.Length % length != 0)
            throw Invalid($"{values.Length} numbers are no whole number of rows of {length}");
        var wrong = Array.FindIndex(values, value => !float.IsFinite(value));
        if (wrong >= 0)
            throw Invalid(FormattableString.Invariant($"row {wrong / length} has the number {values[wrong]}"));
        return Unlabelled(new FloatExamples(values, length, new int[values.Length / length]), [length], "rows");
    }

    /// <summary>The examples of a .npy or .csv file, arranged as for training.</summary>
    /// <param name="path">
    /// The file. A .npy holds examples x features, examples x height x width, or four dimensions. A .csv has an example a line, and all its columns
    /// are features but for one named label, class, target or y, which has the examples' classes.
    /// </param>
    /// <exception cref="SlcException">
    /// <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>NpyArrayDamaged</c>, <c>NpyTypeUnsupported</c>, <c>CsvFileDamaged</c>, <c>ArrayFileInvalid</c>.
    /// </exception>
    public static ExampleSource OfArray(string path)
    {
        var full = LocalPath.Resolve(path);
        if (Path.GetExtension(full).Equals(".csv", StringComparison.OrdinalIgnoreCase))
            return OfCsv(full);
        var table = ArrayTable.ReadUnlabelled(full);
        return Unlabelled(table.Store(new int[table.Count]), table.Shape, full);
    }

    /// <summary>Pictures in files; each is scaled, cut and converted as the model's training did.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="firstIndex">The place of the first one.</param>
    /// <param name="skip">Told of each picture that cannot be read, in order; the others go on.</param>
    public static ExampleSource OfPictures(IReadOnlyList<string> paths, int firstIndex, Action<SlcException> skip) =>
        new PictureFiles(paths, firstIndex, skip);

    /// <summary>Reads the examples for a model.</summary>
    /// <param name="model">Whose inputs they are to be.</param>
    /// <param name="most">The largest number of examples of a block.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <exception cref="SlcException"><c>ExampleShapeMismatch</c>, <c>PicturesNotTaken</c>, and those of files.</exception>
    internal abstract IEnumerable<ExampleBlock> Read(Model model, int most, CancellationToken cancellation);

    private static SplitExamples OfCsv(string path)
    {
        var (length, values, labels) = CsvTable.ReadFeatures(path);
        if (labels is null)
            return Unlabelled(new FloatExamples(values, length, new int[values.Length / length]), [length], path);
        var classes = labels.Distinct(StringComparer.Ordinal).ToArray();
        var places = classes.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place, StringComparer.Ordinal);
        var store = new FloatExamples(values, length, [.. labels.Select(label => places[label])]);
        return new(new DataSplit(Split.Test, store, rows: null, classes.Length), [length], classes, path, isTable: true);
    }

    private static SplitExamples Unlabelled(ExampleStore store, IReadOnlyList<int> shape, string source) =>
        new(new DataSplit(Split.Test, store, rows: null, classCount: 1), shape, labels: null, source, isTable: true);

    private static SlcException Invalid(string what) => new("FeatureRowInvalid", SlcErrorKind.InvalidArgument,
        $"The rows of numbers cannot be used: {what}. Give finite numbers, as many a row as the model was trained on.", "Feature");
}
