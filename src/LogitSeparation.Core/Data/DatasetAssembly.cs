using System.Globalization;
using static System.FormattableString;

namespace LogitSeparation.Core.Data;

/// <summary>Makes a data set of what files hold: classes, splits, scaling.</summary>
internal static class DatasetAssembly
{
    // The test split must not depend on the user's seed.
    private const int TestSeed = 0;
    private const int DefaultTestShare = 5;
    private const int DefaultValidationShare = 10;

    /// <summary>A data set with a training and a test set of its own.</summary>
    /// <param name="identity">Name, paths and checksum; seed and validation count are taken from the request.</param>
    /// <param name="request">How to split.</param>
    /// <param name="classNames">The names of the labels 0, 1, …; null where they have none.</param>
    /// <param name="train">The training examples, those for validation included.</param>
    /// <param name="test">The test examples.</param>
    public static Dataset Assemble(
        DatasetIdentity identity, DatasetRequest request, IReadOnlyList<string>? classNames, LabelledImages train, LabelledImages test)
    {
        if (!train.ExampleShape.SequenceEqual(test.ExampleShape))
        {
            throw new SlcException("ExampleShapeMismatch", SlcErrorKind.InvalidData,
                $"Images in '{train.ImagePath}' are {Describe(train.ExampleShape)}, and in '{test.ImagePath}' "
                + $"{Describe(test.ExampleShape)}. Training and test images need the same shape.", test.ImagePath);
        }

        var classes = new LabelClasses(train.Labels);
        var trainStore = new ByteExamples(train.Pixels, train.ExampleLength, classes.IndicesOf(train));
        var testStore = new ByteExamples(test.Pixels, test.ExampleLength, classes.IndicesOf(test));
        var testSplit = new DataSplit(Split.Test, testStore, rows: null, classes.Count);
        return Finish(identity, request, classes.Names(classNames), train.ExampleShape, trainStore, rows: null, testSplit);
    }

    /// <summary>A data set of one set of examples, out of which the test split is taken.</summary>
    /// <inheritdoc cref="Assemble"/>
    /// <param name="identity">Name, paths and checksum.</param>
    /// <param name="request">How to split.</param>
    /// <param name="examples">All examples.</param>
    public static Dataset AssembleFromOne(DatasetIdentity identity, DatasetRequest request, LabelledImages examples)
    {
        var classes = new LabelClasses(examples.Labels);
        var store = new ByteExamples(examples.Pixels, examples.ExampleLength, classes.IndicesOf(examples));
        var limit = StratifiedSplit.MaxCount(store.Labels, classes.Count);
        var count = request.TestCount ?? Math.Min(Math.Max(1, store.Count / DefaultTestShare), limit);
        if (count < 1 || count > limit)
        {
            throw new SlcException("TestCountOutOfRange", SlcErrorKind.InvalidArgument,
                Invariant($"-TestCount is {count}: so many of the {store.Count} examples in '{examples.ImagePath}' cannot be held out ")
                + Invariant($"for testing. There must be at least one, and one of each of the {classes.Count} classes must be left for ")
                + Invariant($"training, so at most {limit}. Choose another, or give test files of their own (-TestPath)."), nameof(DatasetRequest.TestCount));
        }

        var (rest, held) = StratifiedSplit.Split(store.Labels, classes.Count, count, TestSeed);
        var test = new DataSplit(Split.Test, store, held, classes.Count);
        return Finish(identity with { TestCount = count }, request, classes.Names(null), examples.ExampleShape, store, rest, test);
    }

    /// <param name="identity">Name, paths and checksum.</param>
    /// <param name="request">How to split.</param>
    /// <param name="classNames">k names.</param>
    /// <param name="shape">The shape of an example.</param>
    /// <param name="store">Where the training examples are.</param>
    /// <param name="rows">The rows of the training set, validation included; null for all.</param>
    /// <param name="test">The test split.</param>
    private static Dataset Finish(
        DatasetIdentity identity, DatasetRequest request, string[] classNames, IReadOnlyList<int> shape,
        ExampleStore store, int[]? rows, DataSplit test)
    {
        var k = classNames.Length;
        var labels = rows is null ? store.Labels : Array.ConvertAll(rows, row => store.Labels[row]);
        var count = ChooseValidationCount(request.ValidationCount, labels, k);
        var (kept, held) = StratifiedSplit.Split(labels, k, count, request.Seed);
        var trainRows = count == 0 ? rows : Select(rows, kept);

        var train = new DataSplit(Split.Train, store, trainRows, k);
        var validation = new DataSplit(Split.Validation, store, Select(rows, held), k);
        return new Dataset(
            identity with { Seed = request.Seed, ValidationCount = count }, classNames, shape, PixelStatistics.Measure(train, shape),
            train, validation, test);
    }

    private static int ChooseValidationCount(int? requested, int[] labels, int classCount)
    {
        var limit = StratifiedSplit.MaxCount(labels, classCount);
        var count = requested ?? Math.Min(labels.Length / DefaultValidationShare, limit);
        if (count >= 0 && count <= limit)
            return count;
        throw new SlcException("ValidationCountOutOfRange", SlcErrorKind.InvalidArgument,
            Invariant($"-ValidationCount is {count}: so many cannot be taken from {labels.Length} training examples of {classCount} ")
            + Invariant($"classes. Give 0 to {limit}, so that one example of each class is left for training."), nameof(DatasetRequest.ValidationCount));
    }

    private static int[] Select(int[]? rows, int[] indices) =>
        rows is null ? indices : Array.ConvertAll(indices, index => rows[index]);

    private static string Describe(IReadOnlyList<int> shape) => string.Join(" x ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
}
