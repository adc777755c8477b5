using System.IO.Compression;
using System.IO.Hashing;
using static System.FormattableString;

namespace LogitSeparation.Core.Formats;

/// <summary>
/// Reads a <c>.npz</c> file, a zip archive of <c>.npy</c> arrays, stored or deflated, as NumPy's <c>savez</c> and
/// <c>savez_compressed</c> write them. Each array is read when asked for, and its checksum compared.
/// </summary>
internal sealed class NpzArchive : IDisposable
{
    private const string Extension = ".npy";

    /// <summary>Deflate cannot shrink data more than this (RFC 1951 allows 1032 : 1), so a larger claim is a lie.</summary>
    private const long LargestRatio = 1032;

    private readonly FileStream _file;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _members;

    private readonly CancellationToken _cancellationToken;

    private NpzArchive(
        string path, FileStream file, ZipArchive zip, Dictionary<string, ZipArchiveEntry> members, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        Path = path;
        _file = file;
        _zip = zip;
        _members = members;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The names of the arrays, without <c>.npy</c>, in the archive's order.</summary>
    public IReadOnlyCollection<string> Names => _members.Keys;

    /// <summary>Opens an archive and reads its directory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops whatever is read from it, at the next block.</param>
    /// <exception cref="SlcException">The errors of <see cref="InputFile.Open"/>; <c>NpzFileDamaged</c>.</exception>
    public static NpzArchive Open(string path, CancellationToken cancellationToken = default)
    {
        var file = InputFile.Open(path);
        try
        {
            var zip = new ZipArchive(new CancellableStream(file, cancellationToken), ZipArchiveMode.Read, leaveOpen: true);
            return new NpzArchive(path, file, zip, List(zip), cancellationToken);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            file.Dispose();
            throw Damaged(path, exception);
        }
    }

    /// <summary>Reads an array.</summary>
    /// <param name="name">Its name, without <c>.npy</c>.</param>
    /// <exception cref="SlcException"><c>NpzMemberMissing</c>, <c>NpzFileDamaged</c>, or an error of <see cref="NpyArray"/>.</exception>
    public DenseArray Read(string name)
    {
        if (!_members.TryGetValue(name, out var entry))
        {
            throw new SlcException("NpzMemberMissing", SlcErrorKind.InvalidData,
                $"'{Path}' has no array '{name}': it holds {Join(Names)}.{NearestName.Suggest(name, Names)}", Path);
        }

        try
        {
            return Read(name, entry);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(Path, exception, name);
        }
    }

    /// <summary>The number of bytes of the file.</summary>
    public long FileLength => _file.Length;

    /// <summary>
    /// Where the elements of a large array of floats begin in the file, if it is stored as it is and passes its checksum; null for
    /// any other (see <see cref="NpyArray.LocateFloats"/>).
    /// </summary>
    /// <param name="name">Its name, without <c>.npy</c>.</param>
    /// <param name="largestInMemory">The number of bytes of elements that is not large yet.</param>
    public (NpyHeader Header, long Offset)? LocateFloats(string name, long largestInMemory)
    {
        if (!_members.TryGetValue(name, out var entry) || entry.Length <= largestInMemory || entry.CompressedLength != entry.Length)
            return null;
        try
        {
            using var stream = entry.Open();
            if (NpyArray.LocateFloats(stream, entry.Length, largestInMemory) is not { } located)
                return null;
            // A stored member is read straight from the file, so the file stands where the member's header ends.
            var start = _file.Position - located.Offset;
            return start >= 0 && Checksum(start, entry.Length) == entry.Crc32
                ? (located.Header, start + located.Offset)
                : throw new InvalidDataException("its checksum does not match: the bytes were changed");
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(Path, exception, name);
        }
    }

    /// <summary>Reads an array where there is one.</summary>
    /// <param name="name">Its name, without <c>.npy</c>.</param>
    public DenseArray? TryRead(string name) => _members.ContainsKey(name) ? Read(name) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _zip.Dispose();
        _file.Dispose();
    }

    private DenseArray Read(string name, ZipArchiveEntry entry)
    {
        if (entry.CompressedLength > _file.Length || entry.Length > (entry.CompressedLength + 1) * LargestRatio)
        {
            throw new InvalidDataException(
                Invariant($"it claims {entry.Length} bytes packed into {entry.CompressedLength}, in a file of {_file.Length}"));
        }

        // A stored array takes the room that it says. A deflated one may say more than it holds.
        // Zip archives carry a checksum of what is in them, and .NET does not compare it.
        var checksum = new Crc32();
        using var packed = entry.Open();
        using var stream = new HashingStream(packed, checksum.Append);
        var array = NpyArray.Read(stream, entry.Length, $"'{Path}', array '{name}',", entry.CompressedLength, _cancellationToken);
        Span<byte> beyond = stackalloc byte[1];
        if (stream.Read(beyond) != 0)
            throw new InvalidDataException("it goes on beyond its stated length");
        return checksum.GetCurrentHashAsUInt32() == entry.Crc32
            ? array
            : throw new InvalidDataException("its checksum does not match: the bytes were changed");
    }

    private uint Checksum(long position, long length)
    {
        var checksum = new Crc32();
        var buffer = new byte[1 << 20];
        while (length > 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var count = RandomAccess.Read(_file.SafeFileHandle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length)), position);
            if (count == 0)
                throw new InvalidDataException("it ends too early");
            checksum.Append(buffer.AsSpan(0, count));
            (position, length) = (position + count, length - count);
        }

        return checksum.GetCurrentHashAsUInt32();
    }

    private static Dictionary<string, ZipArchiveEntry> List(ZipArchive zip)
    {
        var members = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            var name = entry.FullName.EndsWith(Extension, StringComparison.Ordinal) ? entry.FullName[..^Extension.Length] : entry.FullName;
            if (!members.TryAdd(name, entry))
                throw new InvalidDataException($"it holds two arrays of the name '{name}'");
        }

        return members;
    }

    private static string Join(IEnumerable<string> names) =>
        string.Join(", ", names.Take(20).Select(name => $"'{name}'").DefaultIfEmpty("nothing"));

    private static bool IsDamage(Exception exception) =>
        exception is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException;

    private static SlcException Damaged(string path, Exception cause, string? member = null)
    {
        var where = member is null ? "" : $", array '{member}'";
        return new SlcException("NpzFileDamaged", SlcErrorKind.InvalidData,
            $"'{path}'{where} is not a readable .npz archive: {cause.Message.TrimEnd('.')}. Write or copy it again.", path, cause);
    }
}
