using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace LogitSeparation.Core.Formats;

/// <summary>
/// The header of a <c>.npy</c> array: a magic number, a version, and a Python dictionary with the element type, the order and
/// the shape (numpy.lib.format, versions 1.0, 2.0 and 3.0).
/// </summary>
/// <param name="Kind">The element kind: f, i, u, U, S and others that are refused later.</param>
/// <param name="Size">Bytes of an element; characters for kind U.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
/// <param name="IsFortran">Whether the first index runs fastest.</param>
/// <param name="Shape">The length of each dimension.</param>
internal sealed record NpyHeader(char Kind, int Size, bool IsBigEndian, bool IsFortran, int[] Shape)
{
    private const int Alignment = 64;

    /// <summary>Headers of plain arrays take some hundred bytes; more is damage, or a structured type that is not read here.</summary>
    private const int LongestHeader = 1 << 16;

    private const int LargestElement = 1 << 20;

    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The type as NumPy writes it, e.g. <c>&lt;f4</c>.</summary>
    public string Descriptor =>
        string.Create(CultureInfo.InvariantCulture, $"{(Kind != 'U' && Size == 1 ? '|' : IsBigEndian ? '>' : '<')}{Kind}{Size}");

    /// <summary>Reads a header; the stream then stands at the first element.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="headerLength">The number of bytes that it took.</param>
    /// <exception cref="InvalidDataException">The header is not one; the message says why.</exception>
    public static NpyHeader Read(Stream stream, out int headerLength)
    {
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        if (!prefix[..6].SequenceEqual(Magic))
            throw new InvalidDataException("it does not begin with the magic number of a .npy array");
        if (prefix[6] is < 1 or > 3)
            throw new InvalidDataException(Invariant($"its format version is {prefix[6]}.{prefix[7]}, and versions 1.0 to 3.0 are read"));

        var lengthSize = prefix[6] == 1 ? 2 : 4;
        Span<byte> lengthBytes = stackalloc byte[4];
        lengthBytes.Clear();
        stream.ReadExactly(lengthBytes[..lengthSize]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > LongestHeader)
            throw new InvalidDataException(Invariant($"its header claims {length} bytes, and plain arrays need a few hundred"));

        var text = new byte[length];
        stream.ReadExactly(text);
        headerLength = prefix.Length + lengthSize + text.Length;
        return Interpret(new PythonLiteral(Encoding.UTF8.GetString(text)).ReadDictionary());
    }

    /// <summary>Writes the header in version 1.0 (ASCII), padded so that the elements begin at a multiple of 64.</summary>
    /// <param name="stream">Where to.</param>
    public void Write(Stream stream)
    {
        var text = $"{{'descr': '{Descriptor}', 'fortran_order': False, 'shape': {DenseArray.Format(Shape)}, }}";
        var unpadded = Magic.Length + 4 + text.Length + 1;
        var padding = (Alignment - unpadded % Alignment) % Alignment;
        var header = Encoding.ASCII.GetBytes($"{text}{new string(' ', padding)}\n");
        Span<byte> prefix = stackalloc byte[10];
        Magic.CopyTo(prefix);
        prefix[6] = 1;
        prefix[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(prefix[8..], checked((ushort)header.Length));
        stream.Write(prefix);
        stream.Write(header);
    }

    private static NpyHeader Interpret(Dictionary<string, object> fields)
    {
        if (fields.Count != 3 || !fields.TryGetValue("descr", out var descr) || !fields.TryGetValue("fortran_order", out var order)
            || !fields.TryGetValue("shape", out var shape) || order is not bool isFortran || shape is not int[] lengths)
        {
            throw new InvalidDataException("its header lacks descr, fortran_order or shape");
        }

        // Its elements are references to what follows as a pickle.
        if (descr is "|O")
            return new NpyHeader('O', IntPtr.Size, false, isFortran, lengths);
        if (descr is not string { Length: >= 3 and <= 12 } text || !"<>|=".Contains(text[0], StringComparison.Ordinal)
            || !int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || size > LargestElement)
        {
            throw new InvalidDataException($"its element type {descr} is not a plain one");
        }

        var isBigEndian = text[0] == '>' || (text[0] == '=' && !BitConverter.IsLittleEndian);
        return new NpyHeader(text[1], size, isBigEndian, isFortran, lengths);
    }
}
