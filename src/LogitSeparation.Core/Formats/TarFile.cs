using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using static System.FormattableString;

namespace LogitSeparation.Core.Formats;

/// <summary>
/// Reads some files out of a <c>.tar</c> archive (POSIX.1-1988 ustar, and what GNU tar and pax add to it), raw or compressed with gzip, in
/// one pass. System.Formats.Tar is not used, as it takes a gigabyte of memory where a damaged extended header says so.
/// </summary>
internal static class TarFile
{
    private const int BlockLength = 512;
    private const int NameLength = 100;
    private const int SizeStart = 124;
    private const int SizeLength = 12;
    private const int ChecksumStart = 148;
    private const int ChecksumLength = 8;
    private const int TypeStart = 156;

    // Memory follows the data that arrives beyond this.
    private const long Certain = 1 << 20;

    private static readonly string[] Endings = [".tar", ".tar.gz", ".tgz"];

    /// <summary>Whether a name is that of an archive.</summary>
    public static bool IsName(string path) => Endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the files that are wanted, whatever folder they lie in, and checks the archive to its end.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="wanted">Tells by the bare name whether a file is wanted.</param>
    /// <param name="cancellation">Looked at before each file.</param>
    /// <exception cref="SlcException">The errors of <see cref="InputFile.Open"/>; <c>TarFileDamaged</c>.</exception>
    public static Dictionary<string, byte[]> Read(string path, Func<string, bool> wanted, CancellationToken cancellation)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        Scan(path, (name, content) =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (wanted(name) && !files.TryAdd(name, ReadContent(name, content)))
                throw new InvalidDataException($"it holds two files of the name '{name}'");
            return true;
        });
        return files;
    }

    /// <summary>Whether an archive holds a file that is looked for; false where it is damaged before that.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="wanted">Tells by the bare name.</param>
    public static bool Contains(string path, Func<string, bool> wanted)
    {
        var found = false;
        try
        {
            Scan(path, (name, _) => !(found = wanted(name)));
        }
        catch (SlcException)
        {
            return found;
        }

        return found;
    }

    private static void Scan(string path, Func<string, BoundedStream, bool> visit)
    {
        using var file = InputFile.Open(path);
        try
        {
            var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using Stream unpacked = isGzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
            var content = new BoundedStream(unpacked, long.MaxValue);
            while (ReadHeader(content) is { } header)
            {
                var data = new BoundedStream(content, header.Size);
                if (header.IsFile && !visit(header.Name, data))
                    return;
                Skip(data);
                Skip(new BoundedStream(content, (BlockLength - (header.Size % BlockLength)) % BlockLength));
            }

            // Reading to the end is what makes the decoder check its checksum.
            Drain(content);
            if (isGzip)
                CheckGzipEnd(file, long.MaxValue - content.Left);
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException)
        {
            throw new SlcException("TarFileDamaged", SlcErrorKind.InvalidData,
                $"'{path}' is not a readable .tar archive: {failure.Message.TrimEnd('.')}. Get the file again.", path, failure);
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Reading(path, failure);
        }
    }

    // An archive ends with blocks of zeros.
    private static (string Name, long Size, bool IsFile)? ReadHeader(Stream content)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        content.ReadExactly(block);
        if (block.IndexOfAnyExcept((byte)0) < 0)
            return null;

        // The checksum is the sum of all bytes, with its own taken as spaces.
        var sum = ChecksumLength * (long)' ';
        for (var i = 0; i < block.Length; i++)
            sum += i is >= ChecksumStart and < ChecksumStart + ChecksumLength ? 0 : block[i];
        if (sum != ReadNumber(block.Slice(ChecksumStart, ChecksumLength)))
            throw new InvalidDataException("the checksum of a header is not that of its content");

        var size = ReadNumber(block.Slice(SizeStart, SizeLength));
        var name = block[..NameLength];
        var end = name.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
        return (text[(text.LastIndexOf('/') + 1)..], size, block[TypeStart] is 0 or (byte)'0');
    }

    // Octal digits; or, where the first bit is set, a big-endian number (GNU).
    private static long ReadNumber(ReadOnlySpan<byte> field)
    {
        if (field[0] >= 0x80)
        {
            return field[0] == 0x80 && BinaryPrimitives.ReadInt64BigEndian(field[^sizeof(long)..]) is >= 0 and var large
                ? large
                : throw new InvalidDataException("a header has a number out of range");
        }

        var number = 0L;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                throw new InvalidDataException("a header has a number that is none");
            number = (number * 8) + digit - '0';
        }

        return number;
    }

    private static byte[] ReadContent(string name, BoundedStream content) => content.Left <= Array.MaxLength
        ? RawElements.Read<byte>(content, (int)content.Left, certain: Certain)
        : throw new InvalidDataException(Invariant($"'{name}' claims {content.Left} bytes"));

    private static void Skip(BoundedStream content)
    {
        Drain(content);
        if (content.Left > 0)
            throw new EndOfStreamException("it ends too early");
    }

    private static void Drain(BoundedStream content)
    {
        var buffer = new byte[1 << 16];
        while (content.Read(buffer) > 0)
        {
        }
    }

    // A gzip file that is cut within its last eight bytes decodes without complaint (RFC 1952: they hold checksum and length).
    private static void CheckGzipEnd(FileStream file, long contentLength)
    {
        Span<byte> end = stackalloc byte[sizeof(uint)];
        file.Seek(-end.Length, SeekOrigin.End);
        file.ReadExactly(end);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != unchecked((uint)contentLength))
            throw new InvalidDataException("its end is not that of a gzip file of this content");
    }
}
