using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LogitSeparation.Core.Formats;

/// <summary>A tensor to write that is never held whole.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">The length of each dimension.</param>
/// <param name="Write">Writes all its elements, little-endian, in C order.</param>
internal sealed record SafeTensorPart(string Name, SafeTensorType Type, int[] Shape, Action<Stream> Write);

/// <summary>Writes a <c>.safetensors</c> file in one pass: the checksum, whose length is known, is put in at the end.</summary>
internal static class SafeTensorsWriter
{
    /// <summary>The metadata key of the checksum, the SHA-256 of header and data.</summary>
    public const string ChecksumKey = "sha256";

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parts">The tensors, those of the largest elements first, so that all are aligned.</param>
    /// <param name="metadata">Strings, without the checksum.</param>
    /// <param name="cancellationToken">Stops the writing, at the next block; nothing is left behind.</param>
    /// <exception cref="SlcException">The errors of <see cref="AtomicFile.Write"/>.</exception>
    public static void Write(
        string path, IReadOnlyList<SafeTensorPart> parts, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        if (metadata.ContainsKey(ChecksumKey))
            throw new ArgumentException($"The metadata key '{ChecksumKey}' is the checksum's.", nameof(metadata));
        var entries = new List<SafeTensorEntry>();
        long begin = 0;
        foreach (var part in parts)
        {
            var end = part.Shape.Aggregate((long)part.Type.Size, (bytes, length) => checked(bytes * length));
            entries.Add(new SafeTensorEntry(part.Name, part.Type, part.Shape, begin, begin += end));
        }

        var header = new SafeTensorsHeader(entries, metadata);
        AtomicFile.Write(path, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            WriteHeader(stream, header, new string('0', 2 * SHA256.HashSizeInBytes));
            hash.AppendData(header.Describe(ChecksumKey));
            using var data = new HashingStream(stream, hash.AppendData);
            foreach (var part in parts)
                part.Write(data);
            stream.Position = 0;
            WriteHeader(stream, header, Convert.ToHexString(hash.GetHashAndReset()));
        }, cancellationToken);
    }

    private static void WriteHeader(Stream stream, SafeTensorsHeader header, string checksum)
    {
        var metadata = new Dictionary<string, string>(header.Metadata, StringComparer.Ordinal) { [ChecksumKey] = checksum };
        var bytes = (header with { Metadata = metadata }).ToBytes();
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        stream.Write(length);
        stream.Write(bytes);
    }
}
