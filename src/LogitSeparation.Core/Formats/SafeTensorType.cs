namespace LogitSeparation.Core.Formats;

/// <summary>An element type of the safetensors format: its name there, its size, and how its elements are read and written.</summary>
/// <param name="Name">The format's name, e.g. <c>F32</c>.</param>
/// <param name="Size">The number of bytes of an element.</param>
/// <param name="Read">Reads that many elements; half-precision ones are widened to float32.</param>
internal sealed record SafeTensorType(string Name, int Size, Func<Stream, int, Array> Read)
{
    private static readonly SafeTensorType[] All =
    [
        new("F64", 8, (stream, count) => RawElements.Read<double>(stream, count)),
        new("I64", 8, (stream, count) => RawElements.Read<long>(stream, count)),
        new("F32", 4, (stream, count) => RawElements.Read<float>(stream, count)),
        new("I32", 4, (stream, count) => RawElements.Read<int>(stream, count)),
        new("F16", 2, (stream, count) => RawElements.Widen(RawElements.Read<Half>(stream, count))),
        new("BF16", 2, (stream, count) => RawElements.WidenBrainFloat(RawElements.Read<ushort>(stream, count))),
        new("U8", 1, (stream, count) => RawElements.Read<byte>(stream, count)),
    ];

    /// <summary>The types that are read, for messages.</summary>
    public static string Known => string.Join(", ", All.Select(type => type.Name));

    /// <summary>The type of that name; null where it is not read.</summary>
    /// <param name="name">The format's name.</param>
    public static SafeTensorType? Find(string name) => Array.Find(All, type => type.Name == name);

    /// <summary>The type that an array is written as.</summary>
    /// <param name="array">The array.</param>
    public static SafeTensorType Of(DenseArray array) => Find(array.Values switch
    {
        double[] => "F64",
        long[] => "I64",
        float[] => "F32",
        int[] => "I32",
        byte[] => "U8",
        _ => throw new ArgumentException($"Arrays of {array.ElementType.Name} are not written.", nameof(array)),
    })!;

    /// <summary>Writes an array's elements.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="array">The array.</param>
    public static void Write(Stream stream, DenseArray array)
    {
        switch (array.Values)
        {
            case double[] values: RawElements.Write<double>(stream, values); break;
            case long[] values: RawElements.Write<long>(stream, values); break;
            case float[] values: RawElements.Write<float>(stream, values); break;
            case int[] values: RawElements.Write<int>(stream, values); break;
            case byte[] values: RawElements.Write<byte>(stream, values); break;
        }
    }
}
