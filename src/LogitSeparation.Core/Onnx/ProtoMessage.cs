using System.Text;

namespace LogitSeparation.Core.Onnx;

/// <summary>
/// A message in the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), written only: fields in the order of
/// their adding, each a number (wire type 0) or a run of bytes with its length before it (wire type 2).
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<(ulong Tag, ulong Number, ReadOnlyMemory<byte> Bytes, ProtoMessage? Message)> _fields = [];

    private enum WireType
    {
        Number = 0,
        Bytes = 2,
    }

    /// <summary>The number of bytes that it takes.</summary>
    public long Length => _fields.Sum(item => LengthOf(item.Tag) + (IsNumber(item.Tag)
        ? LengthOf(item.Number)
        : LengthOf((ulong)PayloadLength(item.Bytes, item.Message)) + PayloadLength(item.Bytes, item.Message)));

    /// <summary>Adds a whole number.</summary>
    public ProtoMessage Add(int field, long number) => Add(field, WireType.Number, (ulong)number, default, null);

    /// <summary>Adds a text.</summary>
    public ProtoMessage Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds bytes; not copied.</summary>
    public ProtoMessage Add(int field, ReadOnlyMemory<byte> bytes) => Add(field, WireType.Bytes, 0, bytes, null);

    /// <summary>Adds a message.</summary>
    public ProtoMessage Add(int field, ProtoMessage message) => Add(field, WireType.Bytes, 0, default, message);

    /// <summary>Writes all fields.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (var (tag, number, bytes, message) in _fields)
        {
            Write(stream, tag);
            if (IsNumber(tag))
            {
                Write(stream, number);
                continue;
            }

            Write(stream, (ulong)PayloadLength(bytes, message));
            if (message is not null)
                message.WriteTo(stream);
            else
                stream.Write(bytes.Span);
        }
    }

    private static bool IsNumber(ulong tag) => (WireType)(tag & 7) == WireType.Number;

    private static long PayloadLength(ReadOnlyMemory<byte> bytes, ProtoMessage? message) => message?.Length ?? bytes.Length;

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

    private ProtoMessage Add(int field, WireType type, ulong number, ReadOnlyMemory<byte> bytes, ProtoMessage? message)
    {
        _fields.Add((((ulong)field << 3) | (ulong)type, number, bytes, message));
        return this;
    }
}
