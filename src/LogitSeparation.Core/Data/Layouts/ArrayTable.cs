using LogitSeparation.Core.Formats;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Layouts;

/// <summary>Examples and labels as files of arrays hold them.</summary>
/// <param name="Path">The file of examples, for messages.</param>
/// <param name="LabelPath">The file of labels, for messages; the same for a table that holds both.</param>
/// <param name="Shape">The shape of one example.</param>
/// <param name="Values">The numbers, row after row: bytes or floats.</param>
/// <param name="Labels">The labels: longs or strings.</param>
internal sealed record ArrayTable(string Path, string LabelPath, int[] Shape, Array Values, Array Labels)
{
    private const int GreyChannels = 1;
    private const int ColourChannels = 3;

    public int Count => Labels.Length;

    /// <summary>Makes a store of it.</summary>
    /// <param name="labels">The class index of each example.</param>
    public ExampleStore Store(int[] labels)
    {
        var length = Shape.Aggregate(1, (product, size) => product * size);
        return Values is byte[] bytes ? new ByteExamples(bytes, length, labels) : new FloatExamples((float[])Values, length, labels);
    }

    /// <summary>Reads a pair of .npy files.</summary>
    /// <exception cref="SlcException">
    /// The errors of <see cref="NpyArray.Read"/> and <see cref="InputFile.Open"/>; <c>ArrayFileInvalid</c>; <c>ExampleCountMismatch</c>.
    /// </exception>
    public static ArrayTable ReadNpy(string path, string labelPath)
    {
        var labels = ReadArray(labelPath);
        var values = ReadArray(path);
        if (labels.Shape.Count(size => size != 1) > 1 || labels.Shape.Count == 0)
            throw Invalid(labelPath, $"it has the shape {labels.ShapeText}, where one label an example was expected");
        RequireExamples(path, values);
        if (values.Shape[0] != labels.Values.Length)
        {
            throw new SlcException("ExampleCountMismatch", SlcErrorKind.InvalidData,
                Invariant($"'{path}' holds {values.Shape[0]} examples and '{labelPath}' {labels.Values.Length} labels. ")
                + "Give two files that belong together.", labelPath);
        }

        return Arrange(path, labelPath, values, Integers(labelPath, labels));
    }

    /// <summary>Reads a .npy file of examples alone; all get the label 0.</summary>
    /// <exception cref="SlcException">As of <see cref="ReadNpy"/>.</exception>
    public static ArrayTable ReadUnlabelled(string path)
    {
        var values = ReadArray(path);
        RequireExamples(path, values);
        return Arrange(path, path, values, new long[values.Shape[0]]);
    }

    /// <summary>The error for a file whose content does not fit.</summary>
    public static SlcException Invalid(string path, string what) =>
        new("ArrayFileInvalid", SlcErrorKind.InvalidData, $"'{path}' cannot be used: {what}. Write it again.", path);

    private static DenseArray ReadArray(string path)
    {
        using var file = InputFile.Open(path);
        return FileFailure.Guard(path, () => NpyArray.Read(file, file.Length, $"'{path}'"));
    }

    private static void RequireExamples(string path, DenseArray values)
    {
        if (values.Shape.Count is < 2 or > 4 || values.Values.Length == 0)
            throw Invalid(path, $"it has the shape {values.ShapeText}, where (n, features), (n, height, width) or four dimensions were expected");
    }

    // Element types are compared and not arrays': to the runtime an array of long is one of ulong too.
    private static Array Integers(string path, DenseArray labels)
    {
        if (labels.ElementType == typeof(string))
            return labels.Values;
        if (labels.ElementType == typeof(float) || labels.ElementType == typeof(double) || labels.ElementType == typeof(ulong))
            throw Invalid(path, $"it holds labels of type {labels.ElementType.Name}, where integers or strings were expected");
        return labels.Values.Cast<object>().Select(value => Convert.ToInt64(value, provider: null)).ToArray();
    }

    // Pictures may have their channels first or last. Channels first is taken where both would do.
    private static ArrayTable Arrange(string path, string labelPath, DenseArray values, Array labels)
    {
        var numbers = values.ElementType == typeof(byte) ? values.Values : ToFloats(path, values);
        var shape = values.Shape;
        if (shape.Count == 3)
            return new(path, labelPath, [1, shape[1], shape[2]], numbers, labels);
        if (shape.Count != 4 || IsChannels(shape[1]) || !IsChannels(shape[3]))
            return new(path, labelPath, [.. shape.Skip(1)], numbers, labels);
        var (height, width, channels) = (shape[1], shape[2], shape[3]);
        numbers = numbers is byte[] bytes
            ? ChannelsFirst(bytes, height * width, channels)
            : ChannelsFirst((float[])numbers, height * width, channels);
        return new(path, labelPath, [channels, height, width], numbers, labels);
    }

    private static bool IsChannels(int size) => size is GreyChannels or ColourChannels;

    private static T[] ChannelsFirst<T>(T[] values, int pixels, int channels)
    {
        var result = GC.AllocateUninitializedArray<T>(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var (picture, pixel, channel) = (i / (pixels * channels), i / channels % pixels, i % channels);
            result[(((picture * channels) + channel) * pixels) + pixel] = values[i];
        }

        return result;
    }

    private static float[] ToFloats(string path, DenseArray values)
    {
        var floats = values.Values switch
        {
            float[] same => same,
            double[] doubles => Array.ConvertAll(doubles, value => (float)value),
            string[] => throw Invalid(path, "it holds texts, where numbers were expected"),
            var integers => integers.Cast<object>().Select(value => Convert.ToSingle(value, provider: null)).ToArray(),
        };
        var wrong = Array.FindIndex(floats, value => !float.IsFinite(value));
        return wrong < 0
            ? floats
            : throw Invalid(path, Invariant($"example {wrong / (floats.Length / values.Shape[0])} has the number {floats[wrong]}"));
    }
}
