using System.Text.RegularExpressions;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Data.Layouts;

/// <summary>Features or pictures in a .npy file with labels in another, or a .csv file with both; and perhaps the same again for testing.</summary>
internal sealed partial class ArrayLayout : DatasetLayout
{
    private const string Npy = ".npy";
    private const string Csv = ".csv";

    /// <inheritdoc/>
    public override DatasetInfo Info { get; } = new(
        "Arrays", "Features or pictures as arrays", ClassCount: null, ExampleShape: null, TrainCount: null, TestCount: null,
        IsAvailable: false, Location: null, Problem: null, License: null, Source: null);

    /// <inheritdoc/>
    public override bool HasName => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters =>
        [nameof(DatasetRequest.LabelPath), nameof(DatasetRequest.TestPath), nameof(DatasetRequest.TestLabelPath), nameof(DatasetRequest.TestCount),
            nameof(DatasetRequest.LabelColumn)];

    /// <inheritdoc/>
    public override string Expectation => "It is expected as a .npy file of examples and one of labels, or a .csv file.";

    /// <inheritdoc/>
    public override bool IsAt(string path) => File.Exists(path) && (Has(path, Npy) || Has(path, Csv));

    /// <inheritdoc/>
    public override LabelledExamples Read(string path, DatasetRequest request, CancellationToken cancellation)
    {
        var train = ReadTable(path, request.LabelPath, nameof(DatasetRequest.LabelPath), request.LabelColumn);
        cancellation.ThrowIfCancellationRequested();
        if (request.TestPath is null)
        {
            DatasetRequest.RefuseUnused(request.TestLabelPath, nameof(DatasetRequest.TestLabelPath), "there is no -TestPath");
            return Combine(train, null);
        }

        var testPath = LocalPath.Resolve(request.TestPath, nameof(DatasetRequest.TestPath));
        var test = ReadTable(testPath, request.TestLabelPath, nameof(DatasetRequest.TestLabelPath), request.LabelColumn);
        DatasetAssembly.RequireSameShape(train.Shape, train.Path, test.Shape, test.Path);
        if (train.Values.GetType() != test.Values.GetType())
            throw ArrayTable.Invalid(test.Path, "its numbers are of another type than those for training (bytes or not)");
        return Combine(train, test);
    }

    /// <inheritdoc/>
    public override DatasetIdentity Identify(DatasetIdentity identity, DatasetRequest request) => identity with
    {
        LabelPath = Resolve(request.LabelPath),
        TestPath = Resolve(request.TestPath),
        TestLabelPath = Resolve(request.TestLabelPath),
        LabelColumn = request.LabelColumn,
    };

    private static string? Resolve(string? path) => path is null ? null : LocalPath.Resolve(path);

    private static ArrayTable ReadTable(string path, string? labelPath, string parameter, string? labelColumn)
    {
        if (Has(path, Csv))
        {
            DatasetRequest.RefuseUnused(labelPath, parameter, "a .csv file has its labels in a column of its own (-LabelColumn)");
            return CsvTable.Read(path, labelColumn);
        }

        DatasetRequest.RefuseUnused(labelColumn, nameof(DatasetRequest.LabelColumn), "a .npy file has its labels in another file (-LabelPath)");
        return ArrayTable.ReadNpy(path, FindLabels(path, labelPath, parameter));
    }

    private static LabelledExamples Combine(ArrayTable train, ArrayTable? test) => train.Labels is string[] || test?.Labels is string[]? Combine<string>(train, test)
        : Combine<long>(train, test);

    private static LabelledExamples Combine<T>(ArrayTable train, ArrayTable? test)
        where T : notnull
    {
        var classes = new LabelClasses<T>(LabelsOf<T>(train));
        return new(classes.Names(null), train.Shape, train.Store(classes.IndicesOf(LabelsOf<T>(train), train.LabelPath)),
            test?.Store(classes.IndicesOf(LabelsOf<T>(test), test.LabelPath)));
    }

    // Where only one of two tables has numbers alone, they are texts too.
    private static T[] LabelsOf<T>(ArrayTable table) => table.Labels as T[]
        ?? [.. table.Labels.Cast<object>().Select(label => (T)(object)FormattableString.Invariant($"{label}"))];

    // x.npy and y.npy, features.npy and labels.npy, train_images.npy and train_labels.npy.
    private static string FindLabels(string path, string? labelPath, string parameter)
    {
        if (labelPath is not null)
            return LocalPath.Resolve(labelPath, parameter);
        if (!File.Exists(path))
            throw FileFailure.Reading(path, new FileNotFoundException());
        var name = Path.GetFileName(path);
        var found = ExampleWord().Replace(name, match => match.Length == 1 ? "y" : "labels", 1);
        var beside = Path.Combine(Path.GetDirectoryName(path)!, found);
        return found != name && File.Exists(beside) ? beside : throw new SlcException("LabelFileMissing", SlcErrorKind.NotFound,
            $"There is no file of labels for the examples in '{path}'. Give it as -{parameter}.", parameter);
    }

    private static bool Has(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("images|image|features|feature|inputs|data|(?<![a-zA-Z])[xX](?![a-zA-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex ExampleWord();
}
