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

    /// <summary>A data set of a pair, or two pairs, of IDX files.</summary>
    /// <param name="identity">Name, paths and checksum; seed and counts are taken from the request.</param>
    /// <param name="request">How to split.</param>
    /// <param name="classNames">The names of the labels 0, 1, …; null where they have none.</param>
    /// <param name="train">The training examples, those for validation included.</param>
    /// <param name="test">The test examples; null where they are to be taken out of the others.</param>
    public static Dataset Assemble(
        DatasetIdentity identity, DatasetRequest request, IReadOnlyList<string>? classNames, LabelledImages train, LabelledImages? test)
    {
        var classes = new LabelClasses<long>(Array.ConvertAll(train.Labels, label => (long)label));
        if (test is not null)
            RequireSameShape(train.ExampleShape, train.ImagePath, test.ExampleShape, test.ImagePath);
        var examples = new LabelledExamples(
            classes.Names(classNames), [.. train.ExampleShape], Store(train), test is null ? null : Store(test));
        return Assemble(identity, request, examples, train.ImagePath);

        ByteExamples Store(LabelledImages set) => new(
            set.Pixels, set.ExampleLength, classes.IndicesOf(Array.ConvertAll(set.Labels, label => (long)label), set.LabelPath));
    }

    /// <summary>A data set of what was read.</summary>
    /// <param name="identity">Name, paths and checksum; seed and counts are taken from the request.</param>
    /// <param name="request">How to split.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="source">Where they come from, for messages.</param>
    public static Dataset Assemble(DatasetIdentity identity, DatasetRequest request, LabelledExamples examples, string source)
    {
        var k = examples.ClassNames.Length;
        if (examples.Test is not null)
        {
            DatasetRequest.RefuseUnused(request.TestCount, nameof(DatasetRequest.TestCount), "there are test examples already");
            return Finish(identity, request, examples, rows: null, new DataSplit(Split.Test, examples.Test, rows: null, k));
        }

        var store = examples.Train;
        var limit = StratifiedSplit.MaxCount(store.Labels, k);
        var least = examples.MayLackTest ? 0 : 1;
        var count = request.TestCount ?? Math.Min(Math.Max(least, store.Count / DefaultTestShare), limit);
        if (count < least || count > limit)
        {
            throw new SlcException("TestCountOutOfRange", SlcErrorKind.InvalidArgument,
                Invariant($"-TestCount is {count}: so many of the {store.Count} examples in '{source}' cannot be held out ")
                + Invariant($"for testing. There must be at least {(least == 0 ? "none" : "one")}, and one of each of the {k} classes must be left for ")
                + Invariant($"training, so at most {limit}. Choose another, or give test files of their own (-TestPath)."), nameof(DatasetRequest.TestCount));
        }

        var (rest, held) = StratifiedSplit.Split(store.Labels, k, count, TestSeed);
        return Finish(identity with { TestCount = count }, request, examples, rest, new DataSplit(Split.Test, store, held, k));
    }

    /// <summary>Refuses training and test examples of different shapes.</summary>
    /// <exception cref="SlcException"><c>ExampleShapeMismatch</c>.</exception>
    public static void RequireSameShape(IReadOnlyList<int> train, string trainPath, IReadOnlyList<int> test, string testPath)
    {
        if (!train.SequenceEqual(test))
        {
            throw new SlcException("ExampleShapeMismatch", SlcErrorKind.InvalidData,
                $"Images in '{trainPath}' are {Describe(train)}, and in '{testPath}' "
                + $"{Describe(test)}. Training and test images need the same shape.", testPath);
        }
    }

    private static Dataset Finish(DatasetIdentity identity, DatasetRequest request, LabelledExamples examples, int[]? rows, DataSplit test)
    {
        var (k, store) = (examples.ClassNames.Length, examples.Train);
        var labels = rows is null ? store.Labels : Array.ConvertAll(rows, row => store.Labels[row]);
        var count = ChooseValidationCount(request.ValidationCount, labels, k);
        var (kept, held) = StratifiedSplit.Split(labels, k, count, request.Seed);
        var trainRows = count == 0 ? rows : Select(rows, kept);

        var train = new DataSplit(Split.Train, store, trainRows, k);
        var validation = new DataSplit(Split.Validation, store, Select(rows, held), k);
        return new Dataset(
            identity with { Seed = request.Seed, ValidationCount = count }, examples.ClassNames, examples.ExampleShape,
            PixelStatistics.Measure(train, examples.ExampleShape), train, validation, test)
        {
            Note = examples.Note,
        };
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
