namespace LogitSeparation.Core.Data.Layouts;

/// <summary>What distinguishes CIFAR-10 and CIFAR-100 in their binary layouts.</summary>
/// <param name="LabelBytes">The labels before the pixels of a record: the class, or the coarse and the fine class.</param>
/// <param name="TrainFiles">The files of training records, in order.</param>
/// <param name="TestFile">The file of test records.</param>
/// <param name="NameFiles">For each label byte the file with its classes' names, one a line.</param>
/// <param name="ClassCounts">For each label byte the number of its classes.</param>
internal sealed record CifarKind(int LabelBytes, string[] TrainFiles, string TestFile, string[] NameFiles, int[] ClassCounts)
{
    /// <summary>The bytes of one picture: red, green and blue planes of 32 x 32.</summary>
    public const int PixelCount = 3 * 32 * 32;

    public static CifarKind Ten { get; } = new(
        1, [.. Enumerable.Range(1, 5).Select(i => FormattableString.Invariant($"data_batch_{i}.bin"))], "test_batch.bin", ["batches.meta.txt"], [10]);

    public static CifarKind Hundred { get; } = new(
        2, ["train.bin"], "test.bin", ["coarse_label_names.txt", "fine_label_names.txt"], [20, 100]);

    /// <summary>The bytes of one record.</summary>
    public int RecordLength => LabelBytes + PixelCount;

    /// <summary>Whether a file of that name belongs to it and not to the other kind.</summary>
    public bool Owns(string name) => TrainFiles.Contains(name) || name == TestFile;

    /// <summary>All files that are read.</summary>
    public IEnumerable<string> Files => [.. TrainFiles, TestFile, .. NameFiles];
}
