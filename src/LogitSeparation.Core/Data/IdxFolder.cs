namespace LogitSeparation.Core.Data;

/// <summary>A folder that holds a training and a test set as four IDX files, named as MNIST's are.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="TrainImages">The file of training images.</param>
/// <param name="TrainLabels">The file of training labels.</param>
/// <param name="TestImages">The file of test images.</param>
/// <param name="TestLabels">The file of test labels.</param>
internal sealed record IdxFolder(string Folder, string TrainImages, string TrainLabels, string TestImages, string TestLabels)
{
    /// <summary>The names of the four files as they are published, without an ending.</summary>
    private static readonly string[] Names =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>The four files in a folder; null where it holds none of them.</summary>
    /// <exception cref="SlcException"><c>DatasetFileMissing</c>: it holds some of them.</exception>
    public static IdxFolder? Find(string folder)
    {
        var found = Array.ConvertAll(Names, name => FindFile(folder, name));
        if (Array.TrueForAll(found, path => path is null))
            return null;

        var missing = Array.IndexOf(found, null);
        return missing < 0
            ? new IdxFolder(folder, found[0]!, found[1]!, found[2]!, found[3]!)
            : throw new SlcException("DatasetFileMissing", SlcErrorKind.NotFound,
                $"The folder '{folder}' holds a part of a data set: '{Names[missing]}' (or with .gz) is missing. Put it there, or give "
                + "the file of training images instead of the folder, and a test split is taken out of it.",
                Path.Combine(folder, Names[missing]));
    }

    /// <summary>Whether a folder, or the folder <c>raw</c> in it, holds any of the four files.</summary>
    public static bool HoldsSome(string folder) =>
        Array.Exists(Names, name => FindFile(folder, name) is not null || FindFile(Path.Combine(folder, "raw"), name) is not null);

    /// <summary>Reads the four files.</summary>
    public (LabelledImages Train, LabelledImages Test) Read(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var train = LabelledImages.Read(TrainImages, TrainLabels);
        cancellation.ThrowIfCancellationRequested();
        return (train, LabelledImages.Read(TestImages, TestLabels));
    }

    // Both spellings are in use; the uncompressed file is the faster one to read.
    private static string? FindFile(string folder, string name)
    {
        var dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        return new[] { name, dotted, name + ".gz", dotted + ".gz" }.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
