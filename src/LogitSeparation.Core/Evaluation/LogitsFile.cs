using System.Globalization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Reads and writes tables of logits as <c>.npz</c> files, as NumPy does: <c>logits</c> (n x k, float32 or float64),
/// <c>labels</c> (n integers, 0 … k-1) and, optionally, <c>classes</c> (k strings). NaN and infinities pass through unchanged.
/// </summary>
public static class LogitsFile
{
    private const string LogitsName = "logits";
    private const string LabelsName = "labels";
    private const string ClassesName = "classes";

    /// <summary>Blocks of about 8 MB when a table is written.</summary>
    private const int BlockLength = 1 << 20;

    /// <summary>Reads a table. Without <c>classes</c> the classes are named 0 … k-1.</summary>
    /// <param name="path">The <c>.npz</c> file.</param>
    /// <param name="dataset">The data set that the examples belong to, where known.</param>
    /// <param name="split">The split that the examples are, where known.</param>
    /// <param name="loss">The loss that the model was trained with, where known.</param>
    /// <exception cref="SlcException">
    /// <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>NpzFileDamaged</c>, <c>NpzMemberMissing</c>, <c>NpyArrayDamaged</c>,
    /// <c>NpyTypeUnsupported</c>, <c>LogitsShapeInvalid</c>, <c>LogitsTypeInvalid</c>, <c>LogitsEmpty</c> or <c>LabelOutOfRange</c>.
    /// </exception>
    public static Logits Import(string path, string? dataset = null, Split? split = null, string? loss = null)
    {
        using var archive = NpzArchive.Open(path);
        var table = archive.Read(LogitsName);
        CheckTable(path, table);
        var (n, k) = (table.Shape[0], table.Shape[1]);
        var labels = ReadLabels(path, archive.Read(LabelsName), n, k);
        var classes = ReadClasses(archive, k);
        return table.Values switch
        {
            float[] values => new MemoryLogits(values, labels, classes) { Source = path, Dataset = dataset, Split = split, Loss = loss },
            double[] values => new MemoryLogits(values, labels, classes) { Source = path, Dataset = dataset, Split = split, Loss = loss },
            _ => throw Invalid("LogitsTypeInvalid", path,
                $"'{LogitsName}' holds {table.ElementType.Name} values, not float32 or float64. Convert it with .astype('float32')."),
        };
    }

    /// <summary>Writes a table, block after block, to a file beside the target that then replaces it.</summary>
    /// <param name="logits">The table; float64 stays float64.</param>
    /// <param name="path">The <c>.npz</c> file.</param>
    /// <param name="compress">Whether to deflate the arrays (as <c>savez_compressed</c>) or to store them (as <c>savez</c>).</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left behind.</param>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>, <c>LogitsEmpty</c> or <c>ClassNameInvalid</c>.</exception>
    public static void Export(Logits logits, string path, bool compress = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Count == 0 || logits.ClassCount == 0)
        {
            throw new SlcException("LogitsEmpty", SlcErrorKind.InvalidData,
                $"The table of logits is empty ({logits.Count} x {logits.ClassCount}): there is nothing to write to '{path}'.", path);
        }

        CheckNames(logits.ClassNames);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new NpzWriter(stream, compress);
            writer.Add(LogitsName, logits.IsDouble, [logits.Count, logits.ClassCount], target =>
            {
                if (logits.IsDouble)
                    WriteRows<double>(logits, target, cancellationToken);
                else
                    WriteRows<float>(logits, target, cancellationToken);
            });
            writer.Add(LabelsName, DenseArray.Create(logits.Labels.ToArray().Select(label => (long)label).ToArray(), logits.Count));
            writer.Add(ClassesName, DenseArray.Create<string>([.. logits.ClassNames], logits.ClassCount));
        });
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

    private static void CheckTable(string path, DenseArray table)
    {
        if (table.Shape.Count != 2)
        {
            throw Invalid("LogitsShapeInvalid", path,
                $"'{LogitsName}' has the shape {table.ShapeText}, and a table (n, k) is needed: a row for each example, a column for each class.");
        }

        if (table.Values.Length == 0)
            throw Invalid("LogitsEmpty", path, $"'{LogitsName}' is empty: its shape is {table.ShapeText}. Write at least one example and one class.");
    }

    private static int[] ReadLabels(string path, DenseArray array, int n, int k)
    {
        if (array.Shape.Count != 1 || array.Shape[0] != n)
        {
            throw Invalid("LogitsShapeInvalid", path,
                $"'{LabelsName}' has the shape {array.ShapeText}, and '{LogitsName}' has {n} rows: ({n},) is needed. "
                + "Write one label for each example; .ravel() makes a column into a list.");
        }

        var labels = new int[n];
        for (var i = 0; i < n; i++)
        {
            var label = ToInteger(path, array.Values, i);
            if (label < 0 || label >= k)
            {
                throw Invalid("LabelOutOfRange", path,
                    $"label {label} of example {i} (row {i} of '{LabelsName}') is not a column of the {k} logits: labels are 0 … {k - 1}.");
            }

            labels[i] = (int)label;
        }

        return labels;
    }

    private static decimal ToInteger(string path, Array values, int i) => values switch
    {
        long[] v => v[i],
        int[] v => v[i],
        short[] v => v[i],
        sbyte[] v => v[i],
        ulong[] v => v[i],
        uint[] v => v[i],
        ushort[] v => v[i],
        byte[] v => v[i],
        _ => throw Invalid("LogitsTypeInvalid", path,
            $"'{LabelsName}' holds {values.GetType().GetElementType()!.Name} values, and integers are needed. Convert it with .astype('int64')."),
    };

    private static string[] ReadClasses(NpzArchive archive, int k)
    {
        var array = archive.TryRead(ClassesName);
        if (array is null)
        {
            RefuseMisspelling(archive);
            return [.. Enumerable.Range(0, k).Select(j => j.ToString(CultureInfo.InvariantCulture))];
        }

        if (array.Shape.Count != 1 || array.Shape[0] != k)
        {
            throw Invalid("LogitsShapeInvalid", archive.Path,
                $"'{ClassesName}' has the shape {array.ShapeText}, and '{LogitsName}' has {k} columns: ({k},) is needed, one name for each class.");
        }

        return array.Values switch
        {
            string[] names => names,
            float[] or double[] => throw Invalid("LogitsTypeInvalid", archive.Path,
                $"'{ClassesName}' holds {array.ElementType.Name} values, and names are needed. Convert it with .astype(str)."),
            var numbers => [.. numbers.Cast<IFormattable>().Select(number => number.ToString(null, CultureInfo.InvariantCulture))],
        };
    }

    /// <summary>Names that are nearly right would otherwise be dropped without a word.</summary>
    private static void RefuseMisspelling(NpzArchive archive)
    {
        foreach (var name in archive.Names.Where(name => name is not (LogitsName or LabelsName)))
        {
            if (NearestName.Find(name, [ClassesName]) is not null)
            {
                throw Invalid("LogitsMemberUnknown", archive.Path,
                    $"it has an array '{name}' and no '{ClassesName}'. Rename it to '{ClassesName}' if it holds the class names, or leave it out.");
            }
        }
    }

    private static void CheckNames(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            // NumPy pads strings with NUL, so one at the end cannot be told from padding; a lone surrogate is no character.
            if (name.EndsWith('\0') || !IsUnicode(name))
            {
                throw new SlcException("ClassNameInvalid", SlcErrorKind.InvalidData,
                    $"The class name '{name}' cannot be written: it ends with a NUL or holds no valid Unicode. Rename the class.", name);
            }
        }
    }

    private static bool IsUnicode(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogate(name[i]) && (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[++i])))
                return false;
        }

        return true;
    }

    private static SlcException Invalid(string id, string path, string what) =>
        new(id, SlcErrorKind.InvalidData, $"'{path}': {what}", path);
}
