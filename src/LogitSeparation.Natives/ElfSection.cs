namespace LogitSeparation.Natives;

/// <summary>One entry of an ELF file's section table, within the file.</summary>
/// <param name="Type">sh_type.</param>
/// <param name="Offset">sh_offset.</param>
/// <param name="Length">sh_size.</param>
/// <param name="Link">sh_link: the section that it refers to.</param>
/// <param name="Info">sh_info: for version needs, the number of entries.</param>
internal sealed record ElfSection(uint Type, int Offset, int Length, uint Link, uint Info)
{
    /// <summary>Goes forward within the section.</summary>
    /// <param name="from">An offset in the file.</param>
    /// <param name="distance">How far; going on by nothing would never end.</param>
    /// <param name="length">The number of bytes that will be read there.</param>
    /// <exception cref="InvalidDataException">That leads out of the section.</exception>
    public int Step(int from, long distance, int length = 16)
    {
        var to = from + distance;
        if (distance <= 0 || to + length > (long)Offset + Length)
            throw new InvalidDataException($"The ELF file is damaged: a table entry at {from} leads to {to}, outside of its section.");
        return (int)to;
    }
}
