using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Onnx;

/// <summary>A named array that is part of a graph: float32 numbers, or whole ones.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Floats">Float32 numbers, row after row; not copied.</param>
/// <param name="Integers">Whole numbers in their place; null where there are float32 ones.</param>
internal sealed record OnnxConstant(string Name, IReadOnlyList<long> Shape, ReadOnlyMemory<float> Floats, long[]? Integers = null)
{
    /// <summary>What the values are.</summary>
    public OnnxElement Element => Integers is null ? OnnxElement.Float : OnnxElement.Int64;

    /// <summary>The number of bytes that the values take.</summary>
    public long ByteLength => Integers is null ? (long)Floats.Length * sizeof(float) : (long)Integers.Length * sizeof(long);

    /// <summary>Writes the values as they lie in memory, lowest byte first as in the file.</summary>
    public void WriteTo(Stream stream)
    {
        if (Integers is null)
            RawElements.Write(stream, Floats.Span);
        else
            RawElements.Write<long>(stream, Integers);
    }
}
