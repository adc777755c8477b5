using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Onnx;

/// <summary>A named array that is part of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">Float32 or int64 numbers, row after row.</param>
internal sealed record OnnxConstant(string Name, IReadOnlyList<long> Shape, Array Values)
{
    /// <summary>What the values are.</summary>
    public OnnxElement Element => (Values is float[]) ? OnnxElement.Float : OnnxElement.Int64;

    /// <summary>The values as they lie in memory, lowest byte first as in the file.</summary>
    public ReadOnlyMemory<byte> Bytes() => Values is float[] floats
        ? MemoryMarshal.AsBytes(floats.AsSpan()).ToArray()
        : MemoryMarshal.AsBytes(((long[])Values).AsSpan()).ToArray();
}
