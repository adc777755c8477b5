using System.Buffers.Binary;

namespace LogitSeparation.Natives;

/// <summary>
/// Marks one needed symbol version of a 64-bit little-endian ELF library as weak (VER_FLG_WEAK of the Linux Standard Base,
/// "Symbol Versioning"), so that the loader warns at most where the system's library lacks that version.
/// libLibTorchSharp.so asks for <c>GLIBCXX_3.4.32</c> (GCC 13) only because of <c>_ZSt21ios_base_library_initv</c>, a
/// symbol that the compiler names to force a new libstdc++ and that nothing refers to; systems with GCC 12 refuse the
/// library for it. The mark is set only while that is so: no relocation may refer to a symbol of the version.
/// </summary>
public static class ElfMend
{
    /// <summary>The version that TorchSharp's Linux library asks for without using it.</summary>
    public const string UnusedVersion = "GLIBCXX_3.4.32";

    private const uint VersionNeeds = 0x6ffffffe;
    private const uint SymbolVersions = 0x6fffffff;
    private const uint RelocationsWithAddend = 4;
    private const uint Relocations = 9;
    private const ushort WeakFlag = 2;
    private const int IndexMask = 0x7fff;

    /// <summary>Marks the version as weak in place, if nothing refers to it.</summary>
    /// <param name="elf">The library; at most two bytes of each entry that names the version change.</param>
    /// <param name="version">The version's name.</param>
    /// <exception cref="InvalidDataException">Not such an ELF file, or a damaged one; nothing was changed.</exception>
    public static ElfMendResult WeakenVersion(byte[] elf, string version)
    {
        ArgumentNullException.ThrowIfNull(elf);
        ArgumentNullException.ThrowIfNull(version);
        var image = new ElfImage(elf);
        var entries = FindEntries(image, version);
        if (entries.Count == 0)
            return ElfMendResult.NotAskedFor;
        var strong = entries.Where(entry => (image.U16(entry + 4) & WeakFlag) == 0).ToList();
        if (strong.Count == 0)
            return ElfMendResult.AlreadyWeak;
        var indices = entries.Select(entry => image.U16(entry + 6) & IndexMask).ToHashSet();
        if (IsReferredTo(image, indices))
            return ElfMendResult.InUse;
        foreach (var entry in strong)
            BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(entry + 4), (ushort)(image.U16(entry + 4) | WeakFlag));
        return ElfMendResult.Weakened;
    }

    // The offsets of the vernaux entries that name the version.
    private static List<int> FindEntries(ElfImage image, string version)
    {
        var found = new List<int>();
        foreach (var section in image.Sections.Where(section => section.Type == VersionNeeds))
        {
            var names = image.Linked(section);
            var need = section.Offset;
            for (uint n = 0; n < section.Info; n++)
            {
                var entry = section.Step(need, image.U32(need + 8));
                for (var count = image.U16(need + 2); count > 0; count--)
                {
                    if (image.Text(names, image.U32(entry + 8)) == version)
                        found.Add(entry);
                    if (count > 1)
                        entry = section.Step(entry, image.U32(entry + 12));
                }

                if (n + 1 < section.Info)
                    need = section.Step(need, image.U32(need + 12));
            }
        }

        return found;
    }

    private static bool IsReferredTo(ElfImage image, HashSet<int> indices)
    {
        var versions = image.Sections.FirstOrDefault(section => section.Type == SymbolVersions)
            ?? throw new InvalidDataException("The ELF file asks for symbol versions but has no table of them (.gnu.version).");
        var symbols = image.Linked(versions);
        foreach (var section in image.Sections.Where(section => section.Type is RelocationsWithAddend or Relocations))
        {
            if (!ReferenceEquals(image.Linked(section), symbols))
                continue;
            var length = section.Type == RelocationsWithAddend ? 24 : 16;
            for (var at = 0; at + length <= section.Length; at += length)
            {
                var symbol = image.U32(section.Offset + at + 12);
                if (symbol != 0 && indices.Contains(image.U16(versions.Step(versions.Offset, 2L * symbol, 2)) & IndexMask))
                    return true;
            }
        }

        return false;
    }
}
