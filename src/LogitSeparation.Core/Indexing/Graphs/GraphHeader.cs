using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;

namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>What a graph's file says of itself at its beginning; the library's bytes follow.</summary>
/// <param name="IndexChecksum">The index's, over the examples that the graph leads to (<see cref="FeatureIndex.Checksum"/>).</param>
/// <param name="Count">The number of these.</param>
/// <param name="Dimension">The numbers of a vector.</param>
/// <param name="Model">The model whose rows were asked, in words.</param>
/// <param name="Version">The version of this software that made it.</param>
/// <param name="Length">The library's bytes.</param>
/// <param name="Checksum">XXH3 of them.</param>
/// <param name="Recall">What was measured.</param>
internal sealed record GraphHeader(
    string IndexChecksum, long Count, int Dimension, string Model, string Version, long Length, ulong Checksum, RecallAtEffort[] Recall)
{
    private const int TextOffset = 64;
    private const int PageBytes = 4096;
    private const int MostText = 1 << 20;
    private const uint CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static ReadOnlySpan<byte> Magic => "SLCGRAPH"u8;

    /// <summary>The beginning of a file, up to the library's bytes.</summary>
    public byte[] ToBytes()
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(this, Json);
        var bytes = new byte[Align(text.Length)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), CurrentFormat);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), text.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), XxHash3.HashToUInt64(text));
        text.CopyTo(bytes, TextOffset);
        return bytes;
    }

    /// <summary>Reads the beginning.</summary>
    /// <param name="stream">At its first byte; afterwards at the first of the library's bytes.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="SlcException"><c>GraphDamaged</c>, <c>GraphTruncated</c>.</exception>
    public static GraphHeader Read(Stream stream, string path)
    {
        var first = new byte[TextOffset];
        if (stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) < first.Length || !first.AsSpan().StartsWith(Magic))
            throw GraphError.Damaged(path, "it does not begin like one");
        var format = BinaryPrimitives.ReadUInt32LittleEndian(first.AsSpan(8));
        if (format is 0 or > CurrentFormat)
            throw GraphError.Damaged(path, FormattableString.Invariant($"it has format {format}, and this version reads 1 … {CurrentFormat}"));
        var length = BinaryPrimitives.ReadInt32LittleEndian(first.AsSpan(12));
        var rest = length is < 2 or > MostText ? [] : new byte[Align(length) - TextOffset];
        if (rest.Length == 0 || stream.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false) < rest.Length
            || XxHash3.HashToUInt64(rest.AsSpan(0, length)) != BinaryPrimitives.ReadUInt64LittleEndian(first.AsSpan(16)))
        {
            throw GraphError.Damaged(path, "what it says of itself is damaged");
        }

        var header = Parse(rest.AsSpan(0, length), path);
        var written = stream.Position + header.Length;
        return stream.Length >= written ? header : throw GraphError.Truncated(path, stream.Length, written);
    }

    private static int Align(int textLength) => (TextOffset + textLength + PageBytes - 1) / PageBytes * PageBytes;

    private static GraphHeader Parse(ReadOnlySpan<byte> text, string path)
    {
        try
        {
            var header = JsonSerializer.Deserialize<GraphHeader>(text, Json);
            return header is { IndexChecksum: not null, Count: > 0, Dimension: > 1, Model: not null, Version: not null, Length: > 0 and < long.MaxValue / 2, Recall.Length: > 0 }
                && header.Recall.All(recall => recall is { Top: > 0, Effort: > 0, Recall: >= 0 and <= 1 })
                ? header
                : throw GraphError.Damaged(path, "what it says of itself is incomplete");
        }
        catch (JsonException failure)
        {
            throw GraphError.Damaged(path, "what it says of itself is no JSON", failure);
        }
    }
}
