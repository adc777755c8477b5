using System.Buffers.Binary;
using System.Text;

namespace LogitSeparation.Natives;

/// <summary>Reads the tables of a 64-bit little-endian ELF file; every access is checked against the file's bounds.</summary>
internal sealed class ElfImage
{
    private const uint NoBits = 8;
    private readonly byte[] _bytes;

    /// <summary>Reads the section table.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="InvalidDataException">Not such an ELF file, or a damaged one.</exception>
    public ElfImage(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < 64 || U32(0) != 0x464c457f || bytes[4] != 2 || bytes[5] != 1)
            throw new InvalidDataException("Not a 64-bit little-endian ELF file.");
        var table = ToOffset(U64(0x28), "section table");
        int entryLength = U16(0x3a), count = U16(0x3c);
        if (table == 0 || count == 0 || entryLength < 64)
            throw new InvalidDataException("The ELF file has no section table.");
        if (table + (long)entryLength * count > bytes.Length)
            throw new InvalidDataException($"The ELF file is cut off: its section table ends at {table + (long)entryLength * count}, the file at {bytes.Length}.");
        var sections = new List<ElfSection>();
        for (var i = 0; i < count; i++)
            sections.Add(ReadSection(table + i * entryLength));
        Sections = sections;
    }

    /// <summary>All sections, in the table's order.</summary>
    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>The section that another one names.</summary>
    /// <param name="section">The one with the link.</param>
    public ElfSection Linked(ElfSection section) =>
        section.Link < Sections.Count
            ? Sections[(int)section.Link]
            : throw new InvalidDataException($"The ELF file is damaged: a section refers to section {section.Link} of {Sections.Count}.");

    /// <summary>A text of a string table.</summary>
    /// <param name="table">The string table.</param>
    /// <param name="offset">Where it begins in that table.</param>
    public string Text(ElfSection table, uint offset)
    {
        if (offset >= table.Length)
            throw new InvalidDataException($"The ELF file is damaged: a name at {offset} of a string table of {table.Length} bytes.");
        var rest = _bytes.AsSpan(table.Offset + (int)offset, table.Length - (int)offset);
        var end = rest.IndexOf((byte)0);
        if (end < 0)
            throw new InvalidDataException("The ELF file is damaged: a name in a string table has no end.");
        return Encoding.ASCII.GetString(rest[..end]);
    }

    /// <summary>Two bytes.</summary>
    /// <param name="offset">Where in the file.</param>
    public ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, 2));

    /// <summary>Four bytes.</summary>
    /// <param name="offset">Where in the file.</param>
    public uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, 4));

    private ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, 8));

    private ElfSection ReadSection(int at)
    {
        var type = U32(at + 4);
        var offset = type == NoBits ? 0 : ToOffset(U64(at + 0x18), "section");
        var length = type == NoBits ? 0 : ToOffset(U64(at + 0x20), "section's length");
        if ((long)offset + length > _bytes.Length)
            throw new InvalidDataException($"The ELF file is cut off: a section ends at {(long)offset + length}, the file at {_bytes.Length}.");
        return new ElfSection(type, offset, length, U32(at + 0x28), U32(at + 0x2c));
    }

    private int ToOffset(ulong value, string what) =>
        value <= (ulong)_bytes.Length
            ? (int)value
            : throw new InvalidDataException($"The ELF file is cut off: its {what} is at {value}, the file ends at {_bytes.Length}.");

    private ReadOnlySpan<byte> Slice(int offset, int length) =>
        offset >= 0 && (long)offset + length <= _bytes.Length
            ? _bytes.AsSpan(offset, length)
            : throw new InvalidDataException($"The ELF file is cut off: {length} bytes at {offset}, the file ends at {_bytes.Length}.");
}
