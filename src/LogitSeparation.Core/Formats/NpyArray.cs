using System.Buffers.Binary;
using System.Text;
using static System.FormattableString;

namespace LogitSeparation.Core.Formats;

/// <summary>Reads and writes one <c>.npy</c> array of numbers or strings, as NumPy does (never pickled objects).</summary>
internal static class NpyArray
{
    private const int ElementsBetweenChecks = 1 << 20;

    /// <summary>Reads an array; one in Fortran order is brought into C order, a big-endian one into the machine's.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="length">The number of bytes that there are: neither more nor fewer may be needed.</param>
    /// <param name="source">How errors name the array, e.g. <c>'x.npz', member 'logits'</c>.</param>
    /// <param name="certain">How many of these bytes there are for sure; for more, memory is taken only as they arrive.</param>
    /// <param name="cancellationToken">Stops the reordering of an array in Fortran order; reading stops where the stream does.</param>
    /// <exception cref="SlcException"><c>NpyArrayDamaged</c> or <c>NpyTypeUnsupported</c>.</exception>
    public static DenseArray Read(
        Stream stream, long length, string source, long certain = long.MaxValue, CancellationToken cancellationToken = default)
    {
        try
        {
            var header = NpyHeader.Read(stream, out var headerLength);
            if (header.Kind == 'O')
                throw Pickled(source);
            var count = DenseArray.CountElements(header.Shape)
                ?? throw new InvalidDataException($"its shape {DenseArray.Format(header.Shape)} has more elements than an array can have");
            var needed = count * header.Size * (header.Kind == 'U' ? 4L : 1);
            if (needed != length - headerLength || (needed == 0 && count > 0))
            {
                throw new InvalidDataException(
                    Invariant($"{header.Descriptor} elements of shape {DenseArray.Format(header.Shape)} need {needed} bytes, and it has {length - headerLength}"));
            }

            var values = ReadValues(stream, header, (int)count, source, certain);
            return DenseArray.Wrap(header.IsFortran ? ToCOrder(values, header.Shape, cancellationToken) : values, header.Shape);
        }
        catch (EndOfStreamException exception)
        {
            throw Damaged(source, "it ends too early", exception);
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(source, exception.Message, exception);
        }
    }

    /// <summary>
    /// Where the elements of a large array of floats begin, if they lie there as they do in memory: float32 or float64, little-endian,
    /// in C order, and neither more nor fewer bytes than the shape asks for.
    /// </summary>
    /// <param name="stream">The array, from its first byte.</param>
    /// <param name="length">The number of bytes that there are.</param>
    /// <param name="largestInMemory">The number of bytes of elements that is not large yet.</param>
    /// <returns>Null for any other array, also a damaged one: reading it whole tells what is wrong.</returns>
    public static (NpyHeader Header, long Offset)? LocateFloats(Stream stream, long length, long largestInMemory)
    {
        try
        {
            var header = NpyHeader.Read(stream, out var offset);
            var isPlain = header is { Kind: 'f', Size: 4 or 8, IsBigEndian: false, IsFortran: false, Shape.Length: 2 };
            return isPlain && length - offset > largestInMemory
                && (UInt128)(length - offset) == (UInt128)header.Shape[0] * (UInt128)header.Shape[1] * (UInt128)header.Size
                ? (header, offset)
                : null;
        }
        catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Writes an array.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="array">Numbers or strings.</param>
    public static void Write(Stream stream, DenseArray array)
    {
        var header = HeaderFor(array);
        header.Write(stream);
        switch (array.Values)
        {
            case float[] values: RawElements.Write<float>(stream, values); break;
            case double[] values: RawElements.Write<double>(stream, values); break;
            case int[] values: RawElements.Write<int>(stream, values); break;
            case long[] values: RawElements.Write<long>(stream, values); break;
            case byte[] values: RawElements.Write<byte>(stream, values); break;
            case string[] values: WriteStrings(stream, values, header.Size); break;
        }
    }

    private static NpyHeader HeaderFor(DenseArray array)
    {
        var (kind, size) = array.Values switch
        {
            float[] => ('f', 4),
            double[] => ('f', 8),
            int[] => ('i', 4),
            long[] => ('i', 8),
            byte[] => ('u', 1),
            string[] names => ('U', names.Select(name => name.EnumerateRunes().Count()).Append(1).Max()),
            _ => throw new ArgumentException($"Arrays of {array.ElementType.Name} are not written.", nameof(array)),
        };
        return new NpyHeader(kind, size, false, false, [.. array.Shape]);
    }

    private static Array ReadValues(Stream stream, NpyHeader header, int count, string source, long certain) => (header.Kind, header.Size) switch
    {
        ('f', 2) => RawElements.Widen(RawElements.Read<Half>(stream, count, header.IsBigEndian, certain)),
        ('f', 4) => RawElements.Read<float>(stream, count, header.IsBigEndian, certain),
        ('f', 8) => RawElements.Read<double>(stream, count, header.IsBigEndian, certain),
        ('i', 1) => RawElements.Read<sbyte>(stream, count, certain: certain),
        ('i', 2) => RawElements.Read<short>(stream, count, header.IsBigEndian, certain),
        ('i', 4) => RawElements.Read<int>(stream, count, header.IsBigEndian, certain),
        ('i', 8) => RawElements.Read<long>(stream, count, header.IsBigEndian, certain),
        ('u', 1) => RawElements.Read<byte>(stream, count, certain: certain),
        ('u', 2) => RawElements.Read<ushort>(stream, count, header.IsBigEndian, certain),
        ('u', 4) => RawElements.Read<uint>(stream, count, header.IsBigEndian, certain),
        ('u', 8) => RawElements.Read<ulong>(stream, count, header.IsBigEndian, certain),
        ('U', _) => ReadStrings(stream, count, header),
        ('S', _) => ReadBytes(stream, count, header.Size),
        _ => throw new SlcException("NpyTypeUnsupported", SlcErrorKind.InvalidData,
            $"{source} has elements of type '{header.Descriptor}'. Integers, float16, float32, float64 and strings (<U, and |S in UTF-8) are read: "
            + "convert it in NumPy with .astype(...).", source),
    };

    private static string[] ReadStrings(Stream stream, int count, NpyHeader header)
    {
        var strings = new List<string>();
        var bytes = new byte[header.Size * 4];
        var text = new StringBuilder(header.Size);
        for (var i = 0; i < count; i++)
        {
            stream.ReadExactly(bytes);
            text.Clear();
            var end = header.Size;
            while (end > 0 && CodePoint(bytes, end - 1, header.IsBigEndian) == 0)
                end--;
            for (var c = 0; c < end; c++)
            {
                var codePoint = CodePoint(bytes, c, header.IsBigEndian);
                if (!Rune.TryCreate(codePoint, out var rune))
                    throw new InvalidDataException(Invariant($"string {i} holds 0x{codePoint:X}, which is no character"));
                text.Append(rune.ToString());
            }

            strings.Add(text.ToString());
        }

        return [.. strings];
    }

    // NumPy's strings of bytes, padded with NUL like the others.
    private static string[] ReadBytes(Stream stream, int count, int size)
    {
        var utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var strings = new List<string>();
        var bytes = new byte[size];
        for (var i = 0; i < count; i++)
        {
            stream.ReadExactly(bytes);
            try
            {
                strings.Add(utf8.GetString(bytes.AsSpan().TrimEnd((byte)0)));
            }
            catch (DecoderFallbackException)
            {
                throw new InvalidDataException(Invariant($"string {i} is no UTF-8"));
            }
        }

        return [.. strings];
    }

    private static uint CodePoint(byte[] bytes, int index, bool bigEndian) => bigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(index * 4))
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(index * 4));

    private static void WriteStrings(Stream stream, string[] strings, int width)
    {
        var bytes = new byte[width * 4];
        foreach (var text in strings)
        {
            Array.Clear(bytes);
            var c = 0;
            foreach (var rune in text.EnumerateRunes())
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * c++), rune.Value);
            stream.Write(bytes);
        }
    }

    /// <summary>Reorders elements whose first index runs fastest into elements whose last index does.</summary>
    private static Array ToCOrder(Array values, int[] shape, CancellationToken cancellationToken)
    {
        if (shape.Length < 2 || values.Length == 0)
            return values;
        var ordered = Array.CreateInstance(values.GetType().GetElementType()!, values.Length);
        var strides = new long[shape.Length];
        strides[0] = 1;
        for (var d = 1; d < shape.Length; d++)
            strides[d] = strides[d - 1] * shape[d - 1];

        var index = new int[shape.Length];
        long from = 0;
        for (var to = 0; to < values.Length; to++)
        {
            if (to % ElementsBetweenChecks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            Array.Copy(values, from, ordered, to, 1);
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                from += strides[d];
                if (++index[d] < shape[d])
                    break;
                from -= strides[d] * shape[d];
                index[d] = 0;
            }
        }

        return ordered;
    }

    private static SlcException Pickled(string source) => new("NpyTypeUnsupported", SlcErrorKind.InvalidData,
        $"{source} has Python objects as elements (dtype object), which NumPy pickles and which are not read. Write names with .astype(str), "
        + "and numbers with .astype('float32') or .astype('int64').", source);

    private static SlcException Damaged(string source, string cause, Exception inner) =>
        new("NpyArrayDamaged", SlcErrorKind.InvalidData,
            $"{source} is not a readable .npy array: {cause}. Write it again with NumPy's save or savez.", source, inner);
}
