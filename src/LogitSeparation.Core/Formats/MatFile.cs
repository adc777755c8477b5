using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using static System.FormattableString;

namespace LogitSeparation.Core.Formats;

/// <summary>
/// Reads real arrays of numbers out of a MATLAB 5 file, compressed or not, little-endian (MathWorks, MAT-File Format, "Level 5
/// MAT-files"). Other kinds of variables are passed over.
/// </summary>
internal static class MatFile
{
    private const int HeaderLength = 128;
    private const int TagLength = 8;
    private const int MaxNameLength = 256;
    private const int MaxRank = 8;

    // Memory follows the data that arrives beyond this.
    private const long Certain = 1 << 20;

    private const int TypeInt8 = 1;
    private const int TypeInt32 = 5;
    private const int TypeUInt32 = 6;
    private const int TypeMatrix = 14;
    private const int TypeCompressed = 15;

    // Array classes 6 (double) to 15 (uint64) are numbers; 1 to 5 are cells, structures, objects, text, sparse matrices.
    private const int FirstNumberClass = 6;
    private const int LastNumberClass = 15;
    private const int ComplexFlag = 0x08;

    /// <summary>Reads the variables of these names.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">The variables; all have to be there.</param>
    /// <exception cref="SlcException">The errors of <see cref="InputFile.Open"/>; <c>MatFileDamaged</c>, <c>MatFileUnsupported</c>.</exception>
    public static IReadOnlyDictionary<string, MatArray> Read(string path, params string[] names)
    {
        using var file = InputFile.Open(path);
        try
        {
            CheckHeader(path, file);
            var arrays = new Dictionary<string, MatArray>(StringComparer.Ordinal);
            while (file.Position < file.Length)
            {
                if (ReadElement(file, names) is { } array && !arrays.TryAdd(array.Name, array))
                    throw new InvalidDataException($"it has two variables '{array.Name}'");
            }

            var missing = Array.Find(names, name => !arrays.ContainsKey(name));
            return missing is null
                ? arrays
                : throw new InvalidDataException($"it has no variable '{missing}' of real numbers");
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException)
        {
            throw new SlcException("MatFileDamaged", SlcErrorKind.InvalidData,
                $"'{path}' is not a readable MATLAB file: {failure.Message.TrimEnd('.')}. Get the file again.", path, failure);
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Reading(path, failure);
        }
    }

    private static void CheckHeader(string path, FileStream file)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        file.ReadExactly(header);
        var isBigEndian = header[126] == (byte)'M' && header[127] == (byte)'I';
        if (header.StartsWith("MATLAB 7.3"u8) || isBigEndian)
        {
            throw new SlcException("MatFileUnsupported", SlcErrorKind.InvalidData,
                $"'{path}' is a MATLAB file {(isBigEndian ? "of a big-endian machine" : "of version 7.3 (HDF5)")}; version 5 to 7, little-endian, is "
                + "read. Save it with MATLAB's save -v7 or SciPy's savemat.", path);
        }

        if (header[126] != (byte)'I' || header[127] != (byte)'M' || header[124] != 0 || header[125] != 1)
            throw new InvalidDataException("it does not begin with the header of MATLAB 5");
    }

    private static MatArray? ReadElement(FileStream file, string[] names)
    {
        var (type, length, _) = ReadTag(file);
        var end = file.Position + length;
        if (end > file.Length)
            throw new InvalidDataException(Invariant($"an element claims {length} bytes, and {file.Length - file.Position} follow"));
        if (type == TypeMatrix)
        {
            var array = ReadMatrix(new BoundedStream(file, length), names);
            file.Position = end;
            return array;
        }

        if (type != TypeCompressed)
            throw new InvalidDataException(Invariant($"an element has type {type}, where 14 or 15 was expected"));
        using var bounded = new BoundedStream(file, length);
        using var content = new ZLibStream(bounded, CompressionMode.Decompress);
        var found = ReadCompressed(content, names);
        file.Position = end;
        return found;
    }

    private static MatArray? ReadCompressed(Stream content, string[] names)
    {
        var (type, length, _) = ReadTag(content);
        if (type != TypeMatrix)
            throw new InvalidDataException(Invariant($"a compressed element has type {type}, where 14 was expected"));
        var matrix = new BoundedStream(content, length);
        var array = ReadMatrix(matrix, names);

        // To the end and beyond, which is what makes the decoder check its checksum.
        var buffer = new byte[1 << 16];
        while (matrix.Read(buffer) > 0)
        {
        }

        if (matrix.Left > 0)
            throw new InvalidDataException("a compressed element ends too early");
        return content.ReadByte() < 0 ? array : throw new InvalidDataException("a compressed element goes on after its end");
    }

    private static MatArray? ReadMatrix(BoundedStream content, string[] names)
    {
        var flags = ReadSmall(content, TypeUInt32, TagLength);
        var dimensions = ReadSmall(content, TypeInt32, MaxRank * sizeof(int));
        var name = Encoding.ASCII.GetString(ReadSmall(content, TypeInt8, MaxNameLength));
        if (!names.Contains(name) || flags.Length < 2 || flags[0] is < FirstNumberClass or > LastNumberClass || (flags[1] & ComplexFlag) != 0)
            return null;

        var shape = new int[dimensions.Length / sizeof(int)];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = BinaryPrimitives.ReadInt32LittleEndian(dimensions.AsSpan(i * sizeof(int)));
        if (shape.Length < 2 || Array.Exists(shape, size => size <= 0) || DenseArray.CountElements(shape) is not { } count)
            throw new InvalidDataException($"'{name}' has the shape {DenseArray.Format(shape)}");
        return new(name, shape, ReadValues(content, name, (int)count));
    }

    private static Array ReadValues(BoundedStream content, string name, int count)
    {
        var (type, length, isSmall) = ReadTag(content);
        var size = ElementSize(type);
        if (size == 0 || length != (long)size * count)
            throw new InvalidDataException(Invariant($"'{name}' has {length} bytes of type {type} for {count} elements"));
        Array values = type switch
        {
            1 => RawElements.Read<sbyte>(content, count, certain: Certain),
            2 => RawElements.Read<byte>(content, count, certain: Certain),
            3 => RawElements.Read<short>(content, count, certain: Certain),
            4 => RawElements.Read<ushort>(content, count, certain: Certain),
            5 => RawElements.Read<int>(content, count, certain: Certain),
            6 => RawElements.Read<uint>(content, count, certain: Certain),
            7 => RawElements.Read<float>(content, count, certain: Certain),
            9 => RawElements.Read<double>(content, count, certain: Certain),
            12 => RawElements.Read<long>(content, count, certain: Certain),
            _ => RawElements.Read<ulong>(content, count, certain: Certain),
        };
        SkipPadding(content, length, isSmall);
        return values;
    }

    // miINT8 … miUINT64 as the format numbers them; 0 for what is no number.
    private static int ElementSize(int type) => type switch
    {
        1 or 2 => 1,
        3 or 4 => 2,
        5 or 6 or 7 => 4,
        9 or 12 or 13 => 8,
        _ => 0,
    };

    private static byte[] ReadSmall(Stream content, int expectedType, int maxLength)
    {
        var (type, length, isSmall) = ReadTag(content);
        if (type != expectedType || length > maxLength)
            throw new InvalidDataException(Invariant($"a part of a variable has type {type} and {length} bytes"));
        var bytes = new byte[length];
        content.ReadExactly(bytes);
        SkipPadding(content, length, isSmall);
        return bytes;
    }

    // A tag of eight bytes; or of four, with up to four bytes of data in the other four.
    private static (int Type, uint Length, bool IsSmall) ReadTag(Stream content)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        content.ReadExactly(word);
        var first = BinaryPrimitives.ReadUInt32LittleEndian(word);
        if (first > ushort.MaxValue)
        {
            return first >> 16 <= sizeof(uint)
                ? ((int)(first & ushort.MaxValue), first >> 16, true)
                : throw new InvalidDataException("a small element has more than four bytes");
        }

        content.ReadExactly(word);
        return ((int)first, BinaryPrimitives.ReadUInt32LittleEndian(word), false);
    }

    private static void SkipPadding(Stream content, uint length, bool isSmall)
    {
        var alignment = isSmall ? sizeof(uint) : (uint)TagLength;
        Span<byte> padding = stackalloc byte[TagLength];
        content.ReadExactly(padding[..(int)((alignment - (length % alignment)) % alignment)]);
    }
}
