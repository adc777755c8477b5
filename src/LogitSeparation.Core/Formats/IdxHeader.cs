using System.Buffers.Binary;
using System.Globalization;
using static System.FormattableString;

namespace LogitSeparation.Core.Formats;

/// <summary>
/// The start of an IDX file (LeCun, "The MNIST database of handwritten digits"): two zero bytes, the type of the values,
/// the number of dimensions, then each dimension as a big-endian 32-bit number.
/// </summary>
internal static class IdxHeader
{
    /// <summary>The largest number of dimensions that is accepted: examples, channels, height, width.</summary>
    public const int MaxRank = 4;

    /// <summary>The number of bytes before the first dimension.</summary>
    public const int MagicLength = 4;

    private const byte UnsignedByte = 0x08;

    /// <summary>Checks the first four bytes and gives the number of dimensions.</summary>
    public static int ReadRank(string path, ReadOnlySpan<byte> magic)
    {
        if (magic[0] != 0 || magic[1] != 0)
        {
            throw new SlcException("IdxFileWrongMagic", SlcErrorKind.InvalidData,
                $"'{path}' is not an IDX file: it starts with {Convert.ToHexString(magic)}, where 0000 08 and the number of dimensions "
                + "were expected. Check that this is the right file.", path);
        }

        if (magic[2] != UnsignedByte)
        {
            throw new SlcException("IdxFileWrongType", SlcErrorKind.InvalidData,
                $"'{path}' holds {TypeName(magic[2])}, where unsigned bytes (type 08) were expected. Convert it.", path);
        }

        if (magic[3] is < 1 or > MaxRank)
        {
            throw new SlcException("IdxFileWrongRank", SlcErrorKind.InvalidData,
                Invariant($"'{path}' declares {magic[3]} dimensions, where 1 to {MaxRank} were expected."), path);
        }

        return magic[3];
    }

    /// <summary>Reads the dimensions and checks that they are above zero and that their product fits one array.</summary>
    /// <returns>The dimensions and their product, the number of bytes that follow.</returns>
    public static (int[] Shape, int Length) ReadShape(string path, ReadOnlySpan<byte> dimensions)
    {
        var declared = new uint[dimensions.Length / sizeof(uint)];
        for (var i = 0; i < declared.Length; i++)
            declared[i] = BinaryPrimitives.ReadUInt32BigEndian(dimensions[(i * sizeof(uint))..]);

        if (declared.Contains(0u))
        {
            throw new SlcException("IdxFileEmpty", SlcErrorKind.InvalidData,
                $"'{path}' is empty: it declares {Describe(declared)} values.", path);
        }

        ulong length = 1;
        foreach (var size in declared)
        {
            // Checked at every factor: neither number then exceeds 32 bits, so the product cannot overflow.
            length *= size;
            if (length > (ulong)Array.MaxLength)
            {
                throw new SlcException("IdxFileTooLarge", SlcErrorKind.InvalidData,
                    $"'{path}' declares {Describe(declared)} values, more than the 2 GiB that one data set can hold. "
                    + "If it should be smaller, the file is damaged.", path);
            }
        }

        return (Array.ConvertAll(declared, size => (int)size), (int)length);
    }

    private static string Describe(uint[] shape) =>
        string.Join(" x ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));

    private static string TypeName(byte type) => type switch
    {
        0x09 => "signed bytes (type 09)",
        0x0B => "16-bit integers (type 0B)",
        0x0C => "32-bit integers (type 0C)",
        0x0D => "32-bit floating-point numbers (type 0D)",
        0x0E => "64-bit floating-point numbers (type 0E)",
        _ => $"values of the unknown type {type:X2}",
    };
}
