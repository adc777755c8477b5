using System.Buffers.Binary;
using System.IO.Compression;
using static System.FormattableString;

namespace LogitSeparation.Core.Formats;

/// <summary>An IDX file of unsigned bytes, raw or compressed with gzip, read whole.</summary>
internal sealed class IdxFile
{
    // No gzip file holds more than this many bytes for each of its own (RFC 1951: 258 bytes in two bits, and a little).
    private const long MaxDeflateRatio = 1032;

    // The first allocation for a gzip file: room for all images seen so far, and no more than a damaged header can waste.
    private const long FirstAllocationRatio = 16;
    private const int MinFirstAllocation = 1 << 20;

    // Header of ten bytes, an empty block of two, trailer of eight (RFC 1952).
    private const int MinGzipLength = 20;

    private IdxFile(string path, int[] shape, byte[] data)
    {
        Path = path;
        Shape = shape;
        Data = data;
    }

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>The dimensions, 1 to 4, each above zero.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The values in row-major order; as many as the product of the dimensions.</summary>
    public byte[] Data { get; }

    /// <summary>Reads a file. Whether it is compressed is told by its content, whatever its name.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SlcException">
    /// The errors of <see cref="InputFile.Open"/>; <c>IdxFileEmpty</c>, <c>IdxFileWrongMagic</c>, <c>IdxFileWrongType</c>,
    /// <c>IdxFileWrongRank</c>, <c>IdxFileTooLarge</c>, <c>IdxFileTruncated</c>, <c>IdxFileTrailingBytes</c>, <c>IdxFileCorrupt</c>.
    /// </exception>
    public static IdxFile Read(string path)
    {
        try
        {
            using var file = InputFile.Open(path);
            return IsGzip(file) ? ReadGzip(path, file) : ReadRaw(path, file);
        }
        catch (InvalidDataException failure)
        {
            throw new SlcException("IdxFileCorrupt", SlcErrorKind.InvalidData,
                $"'{path}' cannot be decompressed: it is damaged or was cut short. Get the file again.", path, failure);
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Reading(path, failure);
        }
    }

    private static bool IsGzip(FileStream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip;
    }

    private static IdxFile ReadRaw(string path, FileStream file)
    {
        var (shape, length) = ReadHeader(path, file);
        var found = file.Length - file.Position;
        if (found < length)
            throw Truncated(path, length, found);
        if (found > length)
            throw TrailingBytes(path, length);

        var data = GC.AllocateUninitializedArray<byte>(length);
        var filled = file.ReadAtLeast(data, length, throwOnEndOfStream: false);
        return filled == length ? new IdxFile(path, shape, data) : throw Truncated(path, length, filled);
    }

    private static IdxFile ReadGzip(string path, FileStream file)
    {
        if (file.Length < MinGzipLength)
            throw new InvalidDataException("Shorter than any gzip file.");

        using var content = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        var (shape, length) = ReadHeader(path, content);
        if (length > file.Length * MaxDeflateRatio)
        {
            throw new SlcException("IdxFileTruncated", SlcErrorKind.InvalidData,
                Invariant($"'{path}' declares {length} values, which a gzip file of {file.Length} bytes cannot hold. Get the file again."), path);
        }

        var data = ReadGrowing(path, content, length, file.Length);

        // Reading beyond the end is also what makes the decoder check its checksum.
        if (content.ReadByte() >= 0)
            throw TrailingBytes(path, length);
        CheckGzipEnd(path, file, (uint)length + (uint)(IdxHeader.MagicLength + (sizeof(uint) * shape.Length)));
        return new IdxFile(path, shape, data);
    }

    private static (int[] Shape, int Length) ReadHeader(string path, Stream content)
    {
        Span<byte> header = stackalloc byte[IdxHeader.MagicLength + (IdxHeader.MaxRank * sizeof(uint))];
        var magic = header[..IdxHeader.MagicLength];
        var found = content.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        if (found == 0)
            throw new SlcException("IdxFileEmpty", SlcErrorKind.InvalidData, $"'{path}' is empty. Get the file again.", path);
        if (found < magic.Length)
            throw HeaderTruncated(path);

        var dimensions = header.Slice(IdxHeader.MagicLength, sizeof(uint) * IdxHeader.ReadRank(path, magic));
        if (content.ReadAtLeast(dimensions, dimensions.Length, throwOnEndOfStream: false) < dimensions.Length)
            throw HeaderTruncated(path);
        return IdxHeader.ReadShape(path, dimensions);
    }

    // Memory follows the data that arrives, not what the header says.
    private static byte[] ReadGrowing(string path, Stream content, int length, long fileLength)
    {
        var first = Math.Max(MinFirstAllocation, fileLength * FirstAllocationRatio);
        var data = GC.AllocateUninitializedArray<byte>((int)Math.Min(length, first));
        var filled = 0;
        while (true)
        {
            filled += content.ReadAtLeast(data.AsSpan(filled), data.Length - filled, throwOnEndOfStream: false);
            if (filled == length)
                return data;
            if (filled < data.Length)
                throw Truncated(path, length, filled);
            Array.Resize(ref data, (int)Math.Min(length, data.Length * 2L));
        }
    }

    // A file cut inside its last eight bytes, or with something after them, decodes without complaint; but then its last
    // four bytes are not the length of the content, as RFC 1952 has it.
    private static void CheckGzipEnd(string path, FileStream file, uint contentLength)
    {
        Span<byte> end = stackalloc byte[sizeof(uint)];
        file.Seek(-end.Length, SeekOrigin.End);
        file.ReadExactly(end);
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(end);
        if (stated != contentLength)
        {
            throw new SlcException("IdxFileCorrupt", SlcErrorKind.InvalidData,
                Invariant($"'{path}' does not end as a gzip file of {contentLength} bytes of content does: it was cut short, or has bytes after ")
                + "its end. Get the file again, or decompress it and compress it anew.", path);
        }
    }

    private static SlcException HeaderTruncated(string path) => new("IdxFileTruncated", SlcErrorKind.InvalidData,
        $"'{path}' ends within the header of an IDX file. Get the file again.", path);

    private static SlcException Truncated(string path, int expected, long found) => new("IdxFileTruncated", SlcErrorKind.InvalidData,
        Invariant($"'{path}' is truncated: its header declares {expected} values, and {found} follow. Get the file again."), path);

    private static SlcException TrailingBytes(string path, int expected) => new("IdxFileTrailingBytes", SlcErrorKind.InvalidData,
        Invariant($"'{path}' goes on after the {expected} values that its header declares. Header and content do not belong together: ")
        + "get the file again.", path);
}
