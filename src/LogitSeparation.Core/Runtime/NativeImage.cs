using System.Buffers.Binary;

namespace LogitSeparation.Core.Runtime;

/// <summary>
/// Tells a whole library file from a cut one by comparing its length with what its own headers say. The system's loader
/// does not: it maps the file, and the first touch of a missing page ends the process.
/// </summary>
internal static class NativeImage
{
    private const int HeaderLength = 65536;

    /// <summary>What is wrong with the library file, or null if it is whole as far as its headers tell.</summary>
    /// <param name="path">An ELF, PE or Mach-O file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static string? FindDamage(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[Math.Min(HeaderLength, file.Length)];
        file.ReadExactly(head);
        return FindDamage(head, file.Length);
    }

    /// <summary>The same for a file whose beginning has been read.</summary>
    /// <param name="head">The beginning: all headers, at most 64 KiB.</param>
    /// <param name="length">The length of the whole file in bytes.</param>
    public static string? FindDamage(ReadOnlySpan<byte> head, long length)
    {
        ulong needed;
        try
        {
            needed = NeededLength(head);
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return length == 0 ? "it is empty" : $"its headers are incomplete or damaged ({length} bytes)";
        }

        if (needed == 0)
            return "it is not a library (neither ELF, PE nor 64-bit Mach-O)";
        return (ulong)length >= needed ? null : $"it is cut off: {length} bytes, where its headers ask for {needed}";
    }

    private static ulong NeededLength(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadUInt32LittleEndian(head) switch
    {
        0x464c457f => ElfLength(head),
        0xfeedfacf => MachLength(head),
        var word when (word & 0xffff) == 0x5a4d => PortableExecutableLength(head),
        _ => 0,
    };

    // 64-bit little-endian: the section table stands at the end, and no segment may reach beyond the file.
    private static ulong ElfLength(ReadOnlySpan<byte> head)
    {
        if (head[4] != 2 || head[5] != 1)
            return 0;
        var needed = checked(U64(head, 0x28) + (ulong)U16(head, 0x3a) * U16(head, 0x3c));
        var table = checked((int)U64(head, 0x20));
        for (var i = 0; i < U16(head, 0x38); i++)
        {
            var entry = checked(table + i * U16(head, 0x36));
            needed = Math.Max(needed, checked(U64(head, entry + 8) + U64(head, entry + 32)));
        }

        return needed;
    }

    private static ulong PortableExecutableLength(ReadOnlySpan<byte> head)
    {
        var start = checked((int)U32(head, 0x3c));
        if (U32(head, start) != 0x4550)
            return 0;
        var table = checked(start + 24 + U16(head, start + 20));
        var needed = CertificateEnd(head, start + 24);
        for (var i = 0; i < U16(head, start + 6); i++)
            needed = Math.Max(needed, (ulong)U32(head, table + i * 40 + 16) + U32(head, table + i * 40 + 20));
        return needed;
    }

    // A signature follows the sections; its entry (the fifth) is the one that holds an offset in the file.
    private static ulong CertificateEnd(ReadOnlySpan<byte> head, int optional)
    {
        const int Pe32Plus = 0x20b;
        var isThere = U16(head, optional) == Pe32Plus && U32(head, optional + 108) > 4;
        return isThere ? (ulong)U32(head, optional + 144) + U32(head, optional + 148) : 0;
    }

    private static ulong MachLength(ReadOnlySpan<byte> head)
    {
        const uint Segment64 = 0x19;
        var command = 32;
        ulong needed = 32;
        for (var i = 0U; i < U32(head, 16); i++)
        {
            if (U32(head, command) == Segment64)
                needed = Math.Max(needed, checked(U64(head, command + 40) + U64(head, command + 48)));
            command = checked(command + Math.Max(8, (int)U32(head, command + 4)));
        }

        return needed;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
