using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Reads and writes tables of logits in files, by extension: <c>.npz</c> and <c>.npy</c> as NumPy has them, <c>.safetensors</c>, and
/// <c>.csv</c>. NaN and infinities pass through unchanged.
/// </summary>
public static class LogitsFile
{
    /// <summary>Tables of up to 1 GiB are read whole; a larger one stays in its file, where the format allows.</summary>
    private const long LargestInMemory = 1L << 30;

    /// <summary>Blocks of about 8 MB when a table is written.</summary>
    private const int BlockLength = 1 << 20;

    /// <summary>The extensions that are read and written.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".npz", ".npy", ".csv", ".safetensors"];

    /// <summary>The files that are written beside one: the labels of a <c>.npy</c>.</summary>
    /// <param name="path">The file of logits.</param>
    public static IReadOnlyList<string> Companions(string path) =>
        string.Equals(Path.GetExtension(path), ".npy", StringComparison.OrdinalIgnoreCase) ? new[] { NpyLogits.LabelsBeside(path) } : Array.Empty<string>();

    /// <summary>
    /// Reads a table: <c>logits</c> (n x k, float32 or float64), <c>labels</c> (n integers, 0 … k-1) and, optionally, <c>classes</c>
    /// (k names; without them 0 … k-1). A table above 1 GiB stays in its file, and blocks of it are read at every pass, where its
    /// bytes lie there as they are in memory: <c>.safetensors</c>, <c>.npy</c>, and <c>.npz</c> that is not compressed. Integers are read
    /// where float64 holds every one exactly. What <see cref="Export"/> kept of the model in <c>.npz</c> and <c>.safetensors</c> is known
    /// again, where nothing else is said.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="dataset">The data set that the examples belong to, where known.</param>
    /// <param name="split">The split that the examples are, where known.</param>
    /// <param name="loss">The loss that the model was trained with, where known.</param>
    /// <param name="labelPath">
    /// With <c>.npy</c>: the file of the labels, <c>.npy</c> or <c>.csv</c>; null for <c>NAME.labels.npy</c> beside <c>NAME.npy</c>.
    /// </param>
    /// <param name="seed">The seed that the model was trained with, where known.</param>
    /// <param name="learningRate">The learning rate that it was trained with, where known.</param>
    /// <param name="cancellationToken">Stops the reading, at the next block.</param>
    /// <exception cref="SlcException">
    /// <c>LogitsFormatUnknown</c>, <c>LabelPathUnused</c>, <c>LabelsMissing</c>, <c>FileNotFound</c>, <c>FileUnreadable</c>; where the
    /// file is damaged <c>NpzFileDamaged</c>, <c>NpzMemberMissing</c>, <c>NpyArrayDamaged</c>, <c>NpyTypeUnsupported</c>,
    /// <c>SafeTensorsFileDamaged</c>, <c>SafeTensorMissing</c> or <c>CsvFileDamaged</c>; and where it holds no logits
    /// <c>LogitsShapeInvalid</c>, <c>LogitsTypeInvalid</c>, <c>LogitsEmpty</c>, <c>LogitsMemberUnknown</c> or <c>LabelOutOfRange</c>.
    /// </exception>
    public static Logits Import(
        string path,
        string? dataset = null,
        Split? split = null,
        string? loss = null,
        string? labelPath = null,
        int? seed = null,
        double? learningRate = null,
        CancellationToken cancellationToken = default) =>
        Import(new LogitsOrigin(path, dataset, split, LossCatalog.Spell(loss), seed, learningRate), labelPath, LargestInMemory, cancellationToken);

    /// <summary>Reads a table, and leaves one of more than that many bytes in its file.</summary>
    internal static Logits Import(LogitsOrigin origin, string? labelPath, long largestInMemory, CancellationToken cancellationToken)
    {
        // One of many files that is no table is at fault itself; where one is to be written, its name is what was asked for.
        var extension = ExtensionOf(origin.Path, SlcErrorKind.InvalidData);
        if (labelPath is not null && extension != ".npy")
        {
            throw new SlcException("LabelPathUnused", SlcErrorKind.InvalidArgument,
                $"A file of labels goes with a .npy file; '{origin.Path}' holds its labels itself. Leave the label path out.", labelPath);
        }

        return extension switch
        {
            ".npy" => NpyLogits.Import(origin, labelPath, largestInMemory, cancellationToken),
            ".csv" => CsvLogits.Import(origin, cancellationToken),
            ".safetensors" => SafeTensorsLogits.Import(origin, largestInMemory, cancellationToken),
            _ => NpzLogits.Import(origin, largestInMemory, cancellationToken),
        };
    }

    /// <summary>
    /// Writes a table, block after block, to a file beside the target that then replaces it. <c>.npy</c> holds the logits alone, and
    /// the labels go to <c>NAME.labels.npy</c> beside it; it has no class names. <c>.npz</c> and <c>.safetensors</c> keep data set, split,
    /// loss, seed and learning rate too.
    /// </summary>
    /// <param name="logits">The table; float64 stays float64.</param>
    /// <param name="path">The file; its extension says the format.</param>
    /// <param name="compress">With <c>.npz</c>: whether to deflate the arrays (as <c>savez_compressed</c>) or to store them (as <c>savez</c>).</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left behind.</param>
    /// <exception cref="SlcException"><c>LogitsFormatUnknown</c>, <c>NotWritable</c>, <c>DiskFull</c>, <c>LogitsEmpty</c> or <c>ClassNameInvalid</c>.</exception>
    public static void Export(Logits logits, string path, bool compress = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Count == 0 || logits.ClassCount == 0)
        {
            throw new SlcException("LogitsEmpty", SlcErrorKind.InvalidData,
                $"The table of logits is empty ({logits.Count} x {logits.ClassCount}): there is nothing to write to '{path}'.", path);
        }

        LogitsContent.CheckNames(logits.ClassNames);
        switch (ExtensionOf(path, SlcErrorKind.InvalidArgument))
        {
            case ".npy": NpyLogits.Export(logits, path, cancellationToken); break;
            case ".csv": CsvLogits.Export(logits, path, cancellationToken); break;
            case ".safetensors": SafeTensorsLogits.Export(logits, path, cancellationToken); break;
            default: NpzLogits.Export(logits, path, compress, cancellationToken); break;
        }
    }

    /// <summary>Writes all elements of a table, little-endian, row after row.</summary>
    internal static void WriteElements(Logits logits, Stream target, CancellationToken cancellationToken)
    {
        if (logits.IsDouble)
            WriteRows<double>(logits, target, cancellationToken);
        else
            WriteRows<float>(logits, target, cancellationToken);
    }

    private static void WriteRows<T>(Logits logits, Stream target, CancellationToken cancellationToken)
        where T : unmanaged
    {
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            RawElements.Write(target, block.Values.Span);
        }
    }

    private static string ExtensionOf(string path, SlcErrorKind kind)
    {
        var full = LocalPath.Resolve(path);
        var extension = Path.GetExtension(full).ToLowerInvariant();
        return Extensions.Contains(extension) || Directory.Exists(full)
            ? extension
            : throw new SlcException("LogitsFormatUnknown", kind,
                $"'{path}' does not say by its extension how it holds logits. Give it one of {string.Join(", ", Extensions)}.", path);
    }
}
