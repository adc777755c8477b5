using LogitSeparation.Core.Formats;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Layouts;

/// <summary>
/// SVHN (Y. Netzer et al. 2011), format 2: MATLAB files with <c>X</c>, 32 x 32 x 3 x n bytes, and <c>y</c>, n labels 1 … 10, where 10 is
/// the digit 0.
/// </summary>
internal sealed class SvhnDataset : DatasetLayout
{
    private const string TrainFile = "train_32x32.mat";
    private const string TestFile = "test_32x32.mat";
    private const string ExtraFile = "extra_32x32.mat";
    private const int ExtraCount = 531131;
    private const int Side = 32;
    private const int PlaneLength = Side * Side;
    private const int PixelCount = 3 * PlaneLength;
    private const int ClassCount = 10;

    private static readonly int[] Shape = [3, Side, Side];

    /// <inheritdoc/>
    public override DatasetInfo Info { get; } = new(
        "SVHN", "Digits of house numbers in colour, 32 x 32", ClassCount, Shape, TrainCount: 73257, TestCount: 26032, IsAvailable: false,
        Location: null, Problem: null, License: "Non-commercial use",
        Source: "Y. Netzer, T. Wang, A. Coates, A. Bissacco, B. Wu, A. Y. Ng (2011), Reading Digits in Natural Images with Unsupervised Feature "
            + "Learning, http://ufldl.stanford.edu/housenumbers");

    /// <inheritdoc/>
    public override IReadOnlyList<string> FolderNames => ["svhn-cropped", "housenumbers"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters => [nameof(DatasetRequest.Extra)];

    /// <inheritdoc/>
    public override string Expectation => $"It is expected as a folder with {TrainFile} and {TestFile} (and {ExtraFile} for -Extra).";

    /// <inheritdoc/>
    public override bool IsAt(string path) => File.Exists(Path.Combine(path, TrainFile)) || File.Exists(Path.Combine(path, TestFile));

    /// <inheritdoc/>
    public override LabelledExamples Read(string path, DatasetRequest request, CancellationToken cancellation)
    {
        var train = ReadFile(Require(path, TrainFile));
        cancellation.ThrowIfCancellationRequested();
        var test = ReadFile(Require(path, TestFile));
        var note = NotePart(train.Labels.Length, test.Labels.Length);
        if (request.Extra)
        {
            cancellation.ThrowIfCancellationRequested();
            var extraPath = Require(path, ExtraFile);
            var extra = ReadFile(extraPath);
            if (train.Pixels.LongLength + extra.Pixels.LongLength > Array.MaxLength)
                throw Damaged(extraPath, "with the training examples it has more than 2 GiB");
            if (extra.Labels.Length != ExtraCount)
                note ??= Invariant($"This is not all of {Info.Name}: it has {extra.Labels.Length} extra examples, and {ExtraCount} were published.");
            train = (Join(train.Pixels, extra.Pixels), Join(train.Labels, extra.Labels));
        }

        return new([.. Enumerable.Range(0, ClassCount).Select(digit => Invariant($"{digit}"))], Shape, Store(train), Store(test)) { Note = note };
    }

    /// <inheritdoc/>
    public override DatasetIdentity Identify(DatasetIdentity identity, DatasetRequest request) => identity with { Extra = request.Extra };

    private static ByteExamples Store((byte[] Pixels, int[] Labels) set) => new(set.Pixels, PixelCount, set.Labels);

    private static T[] Join<T>(T[] first, T[] second)
    {
        var all = GC.AllocateUninitializedArray<T>(first.Length + second.Length);
        first.CopyTo(all, 0);
        second.CopyTo(all, first.Length);
        return all;
    }

    private static string Require(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw Missing(path, $"it is part of SVHN, format 2.");
    }

    private static (byte[] Pixels, int[] Labels) ReadFile(string path)
    {
        var arrays = MatFile.Read(path, "X", "y");
        var (images, labels) = (arrays["X"], arrays["y"]);
        if (images.Values.GetType() != typeof(byte[]) || images.Shape is not [Side, Side, 3, ..] || images.Shape.Length > 4)
            throw Damaged(path, $"X has the shape {DenseArray.Format(images.Shape)}, where bytes of (32, 32, 3, n) were expected");
        var pixels = (byte[])images.Values;
        var n = pixels.Length / PixelCount;
        if (labels.Values.Length != n || labels.Shape.Max() != n)
            throw Damaged(path, Invariant($"y has the shape {DenseArray.Format(labels.Shape)}, where ({n}, 1) was expected"));
        for (var start = 0; start < pixels.Length; start += PlaneLength)
            Transpose(pixels.AsSpan(start, PlaneLength));
        return (pixels, ReadLabels(path, labels.Values));
    }

    private static int[] ReadLabels(string path, Array values)
    {
        var labels = new int[values.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var value = Convert.ToDouble(values.GetValue(i), provider: null);
            if (value is not (>= 1 and <= ClassCount) || value != Math.Floor(value))
                throw Damaged(path, Invariant($"example {i} has the label {value}, and labels are 1 to {ClassCount}"));
            labels[i] = (int)value % ClassCount;
        }

        return labels;
    }

    // MATLAB's first index, the row, runs fastest; ours is the column.
    private static void Transpose(Span<byte> plane)
    {
        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < row; column++)
                (plane[(row * Side) + column], plane[(column * Side) + row]) = (plane[(column * Side) + row], plane[(row * Side) + column]);
        }
    }

    private static SlcException Damaged(string path, string what) => new("SvhnFileDamaged", SlcErrorKind.InvalidData,
        $"'{path}' is not a file of SVHN, format 2: {what}. Get the file again.", path);
}
