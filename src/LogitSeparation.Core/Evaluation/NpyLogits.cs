using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Evaluation;

/// <summary>Logits as one <c>.npy</c> array, with the labels in a file of their own.</summary>
internal static class NpyLogits
{
    private const string LabelsExtension = ".labels.npy";

    /// <summary>Reads both files.</summary>
    public static Logits Import(LogitsOrigin origin, string? labelPath, long largestInMemory, CancellationToken cancellationToken)
    {
        var path = origin.Path;
        using var file = new CancellableStream(InputFile.Open(path), cancellationToken);
        if (NpyArray.LocateFloats(file, file.Length, largestInMemory) is { } located)
        {
            LogitsContent.CheckShape(path, located.Header.Shape);
            var elements = new FileElements(path, located.Offset, located.Header.Size == sizeof(double), file.Length);
            var (n, k) = (located.Header.Shape[0], located.Header.Shape[1]);
            return origin.ToFile(elements, ReadLabels(path, labelPath, n, k, cancellationToken), LogitsContent.ReadClasses(path, null, k));
        }

        file.Position = 0;
        var table = NpyArray.Read(file, file.Length, $"'{path}'", cancellationToken: cancellationToken);
        LogitsContent.CheckShape(path, table.Shape);
        return origin.ToMemory(
            table.Values, ReadLabels(path, labelPath, table.Shape[0], table.Shape[1], cancellationToken),
            LogitsContent.ReadClasses(path, null, table.Shape[1]));
    }

    /// <summary>Writes both files; neither is replaced before both are written, and the labels are first.</summary>
    public static void Export(Logits logits, string path, CancellationToken cancellationToken)
    {
        AtomicFile.WriteBoth(
            (path, WriteLogits), (LabelsBeside(path), stream => NpyArray.Write(stream, LogitsContent.WriteLabels(logits))), cancellationToken);

        void WriteLogits(Stream stream)
        {
            new NpyHeader('f', logits.IsDouble ? sizeof(double) : sizeof(float), false, false, [logits.Count, logits.ClassCount]).Write(stream);
            LogitsFile.WriteElements(logits, stream, cancellationToken);
        }
    }

    /// <summary>The file of the labels of a file of logits.</summary>
    public static string LabelsBeside(string path) => Path.ChangeExtension(path, null) + LabelsExtension;

    private static int[] ReadLabels(string path, string? labelPath, int n, int k, CancellationToken cancellationToken)
    {
        var labels = labelPath ?? LabelsBeside(path);
        if (labelPath is null && !File.Exists(labels))
        {
            throw new SlcException("LabelsMissing", SlcErrorKind.InvalidData,
                $"'{path}' has no labels, and there is no file '{labels}'. Say with -LabelPath where the labels are: a .npy of {n} integers, "
                + "or a .csv with a column 'label'.", path);
        }

        if (string.Equals(Path.GetExtension(labels), ".csv", StringComparison.OrdinalIgnoreCase))
            return LogitsContent.ReadLabels(labels, CsvLogits.ReadLabelColumn(labels, cancellationToken), n, k);
        using var file = new CancellableStream(InputFile.Open(labels), cancellationToken);
        return LogitsContent.ReadLabels(labels, NpyArray.Read(file, file.Length, $"'{labels}'", cancellationToken: cancellationToken), n, k);
    }
}
