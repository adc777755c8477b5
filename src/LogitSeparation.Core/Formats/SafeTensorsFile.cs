using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using static System.FormattableString;

namespace LogitSeparation.Core.Formats;

/// <summary>
/// A <c>.safetensors</c> file: named tensors and metadata strings (https://huggingface.co/docs/safetensors). The format has no
/// checksum of its own; files written here carry the SHA-256 of header and data as metadata <c>sha256</c>, and reading compares it
/// wherever it is present.
/// </summary>
/// <param name="Tensors">The tensors by name; float16 and bfloat16 are read as float32.</param>
/// <param name="Metadata">The metadata strings, without the checksum.</param>
internal sealed record SafeTensorsFile(IReadOnlyDictionary<string, DenseArray> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The format's own limit, in bytes.</summary>
    private const long LongestHeader = 100_000_000;

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading, at the next block.</param>
    /// <exception cref="SlcException">The errors of <see cref="InputFile.Open"/>; <c>SafeTensorsFileDamaged</c>.</exception>
    public static SafeTensorsFile Read(string path, CancellationToken cancellationToken = default) => Guard(path, file =>
    {
        var (header, _) = ReadHeader(file);
        return ReadTensors(file, header, leave: null);
    }, cancellationToken);

    /// <summary>
    /// Reads a file but for one large tensor of floats, which is checked and left where it is; or the whole, if that tensor is not
    /// there, not large, or not float32 or float64.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The tensor to leave.</param>
    /// <param name="largestInMemory">The number of bytes that is not large yet.</param>
    /// <param name="cancellationToken">Stops the reading, at the next block.</param>
    /// <exception cref="SlcException">As of <see cref="Read"/>.</exception>
    public static (SafeTensorsFile File, SafeTensorPlace? Left) ReadBut(
        string path, string name, long largestInMemory, CancellationToken cancellationToken) => Guard(path, file =>
    {
        var (header, start) = ReadHeader(file);
        var left = header.Entries.FirstOrDefault(entry =>
            entry.Name == name && entry.End - entry.Begin > largestInMemory && entry.Type.Name is "F32" or "F64");
        var place = left is null ? null : new SafeTensorPlace(left.Shape, left.Type.Size, start + left.Begin, file.Length);
        return (ReadTensors(file, header, left), place);
    }, cancellationToken);

    /// <summary>Writes a file, whole or not at all: the tensors of the largest elements first, then by name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the writing, at the next block; nothing is left behind.</param>
    /// <exception cref="SlcException">The errors of <see cref="AtomicFile.Write"/>.</exception>
    public void Write(string path, CancellationToken cancellationToken = default)
    {
        var parts = Tensors
            .Select(tensor => new SafeTensorPart(tensor.Key, SafeTensorType.Of(tensor.Value), [.. tensor.Value.Shape],
                stream => SafeTensorType.Write(stream, tensor.Value)))
            .OrderByDescending(part => part.Type.Size).ThenBy(part => part.Name, StringComparer.Ordinal);
        SafeTensorsWriter.Write(path, [.. parts], Metadata, cancellationToken);
    }

    private static T Guard<T>(string path, Func<Stream, T> read, CancellationToken cancellationToken)
    {
        using var file = new CancellableStream(InputFile.Open(path), cancellationToken);
        try
        {
            return read(file);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or JsonException or InvalidOperationException)
        {
            var cause = exception switch
            {
                EndOfStreamException => "it ends too early",
                JsonException or InvalidOperationException => $"its header is not the JSON that the format demands ({exception.Message.TrimEnd('.')})",
                _ => exception.Message.TrimEnd('.'),
            };
            throw new SlcException("SafeTensorsFileDamaged", SlcErrorKind.InvalidData,
                $"'{path}' is not a readable .safetensors file: {cause}. Write or copy it again.", path, exception);
        }
    }

    private static (SafeTensorsHeader Header, long Start) ReadHeader(Stream file)
    {
        Span<byte> prefix = stackalloc byte[8];
        file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var rest = file.Length - prefix.Length;
        if (length < 2 || length > (ulong)Math.Min(rest, LongestHeader))
            throw new InvalidDataException(Invariant($"its header claims {length} bytes, and {rest} follow"));

        var json = new byte[length];
        file.ReadExactly(json);
        return (SafeTensorsHeader.Parse(json, rest - json.Length), prefix.Length + json.Length);
    }

    private static SafeTensorsFile ReadTensors(Stream file, SafeTensorsHeader header, SafeTensorEntry? leave)
    {
        var metadata = new SortedDictionary<string, string>(header.Metadata.ToDictionary(), StringComparer.Ordinal);
        var hasChecksum = metadata.Remove(SafeTensorsWriter.ChecksumKey, out var stated);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header.Describe(SafeTensorsWriter.ChecksumKey));
        using var data = new HashingStream(file, hash.AppendData);
        var tensors = new Dictionary<string, DenseArray>(StringComparer.Ordinal);
        foreach (var entry in header.Entries)
        {
            var count = (entry.End - entry.Begin) / entry.Type.Size;
            if (entry == leave)
            {
                Pass(hasChecksum ? data : null, file, entry.End - entry.Begin);
                continue;
            }

            if (count > Array.MaxLength)
                throw new InvalidDataException(Invariant($"tensor '{entry.Name}' has {count} elements, more than an array can have"));
            tensors.Add(entry.Name, DenseArray.Wrap(entry.Type.Read(data, (int)count), entry.Shape));
        }

        return !hasChecksum || stated == Convert.ToHexString(hash.GetHashAndReset())
            ? new SafeTensorsFile(tensors, metadata)
            : throw new InvalidDataException("its checksum does not match: the bytes were changed");
    }

    /// <summary>Passes over bytes, reading them where they are hashed.</summary>
    private static void Pass(HashingStream? hashed, Stream file, long length)
    {
        if (hashed is null)
        {
            file.Seek(length, SeekOrigin.Current);
            return;
        }

        var buffer = new byte[1 << 20];
        for (; length > 0; length -= Math.Min(buffer.Length, length))
            hashed.ReadExactly(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length)));
    }
}
