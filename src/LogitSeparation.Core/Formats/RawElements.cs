using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Formats;

/// <summary>Numbers as bytes: blocks of elements between streams and arrays, little-endian unless said otherwise.</summary>
internal static class RawElements
{
    /// <summary>Blocks of 1 Mi elements: large enough for the disk, small enough for a span of bytes.</summary>
    private const int BlockLength = 1 << 20;

    /// <summary>Reads elements. Memory follows the bytes that arrive where the stream may hold fewer than it is said to.</summary>
    /// <param name="stream">Where from; ends early with <see cref="EndOfStreamException"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="bigEndian">Whether the most significant byte comes first.</param>
    /// <param name="certain">The number of bytes that there are for sure, for which memory is taken at once.</param>
    public static T[] Read<T>(Stream stream, int count, bool bigEndian = false, long certain = long.MaxValue)
        where T : unmanaged
    {
        var values = GC.AllocateUninitializedArray<T>(FirstLength(count, certain / Unsafe.SizeOf<T>()));
        for (var first = 0; first < count;)
        {
            if (first == values.Length)
                Array.Resize(ref values, (int)Math.Min(count, 2L * values.Length));
            var block = values.AsSpan(first, Math.Min(BlockLength, values.Length - first));
            stream.ReadExactly(MemoryMarshal.AsBytes(block));
            if (bigEndian == BitConverter.IsLittleEndian)
                Reverse(block);
            first += block.Length;
        }

        return values;
    }

    /// <summary>Writes elements.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="values">The elements.</param>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Files are written on little-endian machines only.");
        for (; values.Length > BlockLength; values = values[BlockLength..])
            stream.Write(MemoryMarshal.AsBytes(values[..BlockLength]));
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Widens float16 values, exactly.</summary>
    /// <param name="values">The values.</param>
    public static float[] Widen(Half[] values) => Array.ConvertAll(values, value => (float)value);

    /// <summary>Widens bfloat16 values, given as their bits, exactly: they are the upper halves of float32 values.</summary>
    /// <param name="bits">The bits.</param>
    public static float[] WidenBrainFloat(ushort[] bits) =>
        Array.ConvertAll(bits, value => BitConverter.UInt32BitsToSingle((uint)value << 16));

    // Whole blocks, so that growing never cuts one.
    private static int FirstLength(int count, long certain) => certain >= count
        ? count
        : (int)Math.Min(count, BlockLength * Math.Max(1, certain / BlockLength));

    private static void Reverse<T>(Span<T> block)
        where T : unmanaged
    {
        switch (Unsafe.SizeOf<T>())
        {
            case 2:
                var shorts = MemoryMarshal.Cast<T, ushort>(block);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<T, uint>(block);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<T, ulong>(block);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
