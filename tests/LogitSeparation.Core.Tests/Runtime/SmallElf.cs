using System.Buffers.Binary;
using System.Text;

namespace LogitSeparation.Core.Tests.Runtime;

/// <summary>
/// Builds the smallest ELF library that asks for two symbol versions, OLD_1 (index 2, symbol 1) and NEW_2 (index 3,
/// symbol 2), of one library, with relocations against given symbols (System V ABI, chapter 4; LSB, "Symbol Versioning").
/// </summary>
internal static class SmallElf
{
    private const string Names = "\0libx.so\0OLD_1\0NEW_2\0old\0new\0";

    /// <summary>Builds it.</summary>
    /// <param name="referred">The symbols that relocations refer to.</param>
    public static byte[] Build(params int[] referred)
    {
        (uint Type, byte[] Bytes, uint Link, uint Info)[] sections =
        [
            (0, [], 0, 0),
            (11, Symbols(), 2, 1),
            (3, Encoding.ASCII.GetBytes(Names), 0, 0),
            (0x6fffffff, Words16(0, 2, 3), 1, 0),
            (0x6ffffffe, Needs(), 2, 1),
            (4, Relocations(referred), 1, 0),
        ];
        var body = new List<byte>(new byte[64]);
        var table = new List<byte>();
        foreach (var (type, bytes, link, info) in sections)
        {
            var header = new byte[64];
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x04), type);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(0x18), (ulong)body.Count);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(0x20), (ulong)bytes.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x28), link);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x2c), info);
            table.AddRange(header);
            body.AddRange(bytes);
        }

        var start = (ulong)body.Count;
        byte[] elf = [.. body, .. table];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(elf, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(elf.AsSpan(0x28), start);
        BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(0x3a), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(0x3c), (ushort)sections.Length);
        return elf;
    }

    private static byte[] Symbols()
    {
        var bytes = new byte[3 * 24];
        bytes[24] = (byte)Names.IndexOf("old", StringComparison.Ordinal);
        bytes[48] = (byte)Names.IndexOf("new", StringComparison.Ordinal);
        return bytes;
    }

    private static byte[] Needs() =>
    [
        .. Words16(1, 2), .. Words32(1, 16, 0),
        .. Words32(0), .. Words16(0, 2), .. Words32(9, 16),
        .. Words32(0), .. Words16(0, 3), .. Words32(15, 0),
    ];

    private static byte[] Relocations(int[] referred) =>
        [.. referred.SelectMany(symbol => Words32(0, 0, 6, (uint)symbol, 0, 0))];

    private static byte[] Words16(params ushort[] words) => [.. words.SelectMany(word => new[] { (byte)word, (byte)(word >> 8) })];

    private static byte[] Words32(params uint[] words) =>
        [.. words.SelectMany(word => new[] { (byte)word, (byte)(word >> 8), (byte)(word >> 16), (byte)(word >> 24) })];
}
