using System.Globalization;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Evaluation;

/// <summary>What the files of all formats have to hold: a table, a label for each row, and perhaps a name for each column.</summary>
internal static class LogitsContent
{
    /// <summary>Refuses a shape that is no table.</summary>
    public static void CheckShape(string path, IReadOnlyList<int> shape)
    {
        if (shape.Count != 2)
        {
            throw Invalid("LogitsShapeInvalid", path,
                $"'logits' has the shape {DenseArray.Format(shape)}, and a table (n, k) is needed: a row for each example, a column for each class.");
        }

        if (shape.Contains(0))
            throw Invalid("LogitsEmpty", path, $"'logits' is empty: its shape is {DenseArray.Format(shape)}. Write at least one example and one class.");
    }

    /// <summary>The labels as class indices.</summary>
    /// <param name="path">The file that errors name.</param>
    /// <param name="array">n integers.</param>
    /// <param name="n">The number of examples.</param>
    /// <param name="k">The number of classes.</param>
    public static int[] ReadLabels(string path, DenseArray array, int n, int k)
    {
        if (array.Shape.Count != 1 || array.Shape[0] != n)
        {
            throw Invalid("LogitsShapeInvalid", path,
                $"'labels' has the shape {array.ShapeText}, and 'logits' has {n} rows: ({n},) is needed. "
                + "Write one label for each example; .ravel() makes a column into a list.");
        }

        var labels = new int[n];
        for (var i = 0; i < n; i++)
        {
            var label = ToInteger(path, array.Values, i);
            if (label < 0 || label >= k)
                throw LogitErrors.LabelOutOfRange(label, i, k, path);

            labels[i] = (int)label;
        }

        return labels;
    }

    /// <summary>The labels as they are written.</summary>
    /// <param name="logits">The table.</param>
    public static DenseArray WriteLabels(Logits logits) =>
        DenseArray.Create(Array.ConvertAll(logits.Labels.ToArray(), label => (long)label), logits.Count);

    /// <summary>The names of the classes; 0 … k-1 where there are none.</summary>
    /// <param name="path">The file that errors name.</param>
    /// <param name="array">k strings or whole numbers; or null.</param>
    /// <param name="k">The number of classes.</param>
    public static string[] ReadClasses(string path, DenseArray? array, int k)
    {
        if (array is null)
            return [.. Enumerable.Range(0, k).Select(j => j.ToString(CultureInfo.InvariantCulture))];
        if (array.Shape.Count != 1 || array.Shape[0] != k)
        {
            throw Invalid("LogitsShapeInvalid", path,
                $"'classes' has the shape {array.ShapeText}, and 'logits' has {k} columns: ({k},) is needed, one name for each class.");
        }

        return array.Values switch
        {
            string[] names => names,
            float[] or double[] => throw Invalid("LogitsTypeInvalid", path,
                $"'classes' holds {array.ElementType.Name} values, and names are needed. Convert it with .astype(str)."),
            var numbers => [.. numbers.Cast<IFormattable>().Select(number => number.ToString(null, CultureInfo.InvariantCulture))],
        };
    }

    /// <summary>Refuses class names that the formats cannot hold.</summary>
    public static void CheckNames(IReadOnlyList<string> names)
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

    /// <summary>An error about a file's content.</summary>
    public static SlcException Invalid(string id, string path, string what) =>
        new(id, SlcErrorKind.InvalidData, $"'{path}': {what}", path);

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
            $"'labels' holds {values.GetType().GetElementType()!.Name} values, and integers are needed. Convert it with .astype('int64')."),
    };
}
