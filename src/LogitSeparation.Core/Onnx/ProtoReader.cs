namespace LogitSeparation.Core.Onnx;

/// <summary>
/// Reads the structure of a message in the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding): where the fields
/// of bytes lie that it has, whatever they hold. All else is passed over, so large arrays are not read.
/// </summary>
/// <param name="stream">The message; can seek.</param>
internal sealed class ProtoReader(Stream stream)
{
    private const int MostVarintBytes = 10;

    /// <summary>A field of bytes: its number, and the places of its first byte and of the one after its last.</summary>
    public readonly record struct Field(int Number, long Start, long End);

    /// <summary>The fields of bytes (texts and messages are such) between two places, in order.</summary>
    /// <param name="start">The first byte's place.</param>
    /// <param name="end">The place after the last byte.</param>
    /// <exception cref="InvalidDataException">This is no message.</exception>
    public IEnumerable<Field> Fields(long start, long end)
    {
        for (var position = start; position < end;)
        {
            stream.Position = position;
            var tag = ReadNumber();
            var length = (tag & 7) switch
            {
                0 => ReadNumber() & 0UL,
                1 => 8UL,
                2 => ReadNumber(),
                5 => 4UL,
                _ => throw new InvalidDataException($"there is no wire type {tag & 7}"),
            };
            var first = stream.Position;
            if (length > (ulong)Math.Max(0, end - first))
                throw new InvalidDataException($"a field of {length} bytes ends after its message");
            position = first + (long)length;
            if ((tag & 7) == 2)
                yield return new((int)Math.Min(tag >> 3, int.MaxValue), first, position);
        }
    }

    /// <summary>A text.</summary>
    /// <param name="field">Where it is.</param>
    /// <param name="mostBytes">A longer one is damage.</param>
    /// <exception cref="InvalidDataException">It is longer.</exception>
    public string ReadText(Field field, int mostBytes)
    {
        if (field.End - field.Start > mostBytes)
            throw new InvalidDataException($"a name takes {field.End - field.Start} bytes");
        var bytes = new byte[field.End - field.Start];
        stream.Position = field.Start;
        stream.ReadExactly(bytes);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    private ulong ReadNumber()
    {
        var number = 0UL;
        for (var i = 0; i < MostVarintBytes; i++)
        {
            var value = stream.ReadByte();
            if (value < 0)
                throw new InvalidDataException("it ends within a number");
            number |= (ulong)(value & 0x7f) << (7 * i);
            if (value < 0x80)
                return number;
        }

        throw new InvalidDataException("a number does not end");
    }
}
