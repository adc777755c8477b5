using System.Text;

namespace LogitSeparation.Core.Onnx;

/// <summary>
/// A message in the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), written only: fields in the order of
/// their adding, each a number (wire type 0) or a run of bytes with its length before it (wire type 2).
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<(ulong Tag, ulong Number, Action<Stream>? Write)> _fields = [];

    private enum WireType
    {
        Number = 0,
        Bytes = 2,
    }

    /// <summary>The number of bytes that it takes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a whole number.</summary>
    public ProtoMessage Add(int field, long number) => Add(field, WireType.Number, (ulong)number, null);

    /// <summary>Adds a text.</summary>
    public ProtoMessage Add(int field, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Add(field, bytes.Length, stream => stream.Write(bytes));
    }

    /// <summary>Adds a message, with the fields that it has so far.</summary>
    public ProtoMessage Add(int field, ProtoMessage message) => Add(field, message.Length, message.WriteTo);

    /// <summary>Adds bytes that are made when they are written.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="length">How many bytes they are.</param>
    /// <param name="write">Writes them.</param>
    public ProtoMessage Add(int field, long length, Action<Stream> write) => Add(field, WireType.Bytes, (ulong)length, write);

    /// <summary>Writes all fields.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (var (tag, number, write) in _fields)
        {
            Write(stream, tag);
            Write(stream, number);
            write?.Invoke(stream);
        }
    }

    private static int LengthOf(ulong number)
    {
        var length = 1;
        for (; number > 0x7f; number >>= 7)
            length++;
        return length;
    }

    // Seven bits a byte, the lowest first; the eighth says that more follow.
    private static void Write(Stream stream, ulong number)
    {
        for (; number > 0x7f; number >>= 7)
            stream.WriteByte((byte)(number | 0x80));
        stream.WriteByte((byte)number);
    }

    private ProtoMessage Add(int field, WireType type, ulong number, Action<Stream>? write)
    {
        var tag = ((ulong)field << 3) | (ulong)type;
        _fields.Add((tag, number, write));
        Length += LengthOf(tag) + LengthOf(number) + (write is null ? 0 : (long)number);
        return this;
    }
}
