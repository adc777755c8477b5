using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LogitSeparation.Core.Indexing;

/// <summary>What an index says of itself at its beginning, once for all: how features are kept, and which trunk made them.</summary>
/// <param name="FeatureCount">d.</param>
/// <param name="Type">What the features are kept as.</param>
/// <param name="TrunkChecksum">The trunk's, see <see cref="Indexing.TrunkChecksum"/>.</param>
/// <param name="Model">The model in words.</param>
/// <param name="Version">The version of this software that made it.</param>
internal sealed record IndexHeader(int FeatureCount, FeatureType Type, string TrunkChecksum, string Model, string Version)
{
    /// <summary>Where everything begins: parts of the file lie at multiples of it.</summary>
    public const int Alignment = 64;

    /// <summary>Where the first of the two commits stands; see <see cref="IndexCommit"/>.</summary>
    public const int CommitOffset = 64;

    private const int TextOffset = CommitOffset + (2 * Alignment);
    private const int MostText = 1 << 20;
    private const int MostFeatures = 1 << 24;
    private const uint CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    private static ReadOnlySpan<byte> Magic => "SLCINDEX"u8;

    /// <summary>The beginning of a new index's file.</summary>
    public byte[] ToBytes()
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(this, Json);
        var bytes = new byte[Align(TextOffset + text.Length)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), CurrentFormat);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), text.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), XxHash3.HashToUInt64(text));
        text.CopyTo(bytes, TextOffset);
        new IndexCommit(Sequence: 0, Length: bytes.Length, RowCount: 0).Write(bytes.AsSpan(CommitOffset));
        return bytes;
    }

    /// <summary>Reads the beginning.</summary>
    /// <param name="stream">At its first byte; afterwards at the first segment.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="SlcException"><c>IndexDamaged</c>.</exception>
    public static (IndexHeader Header, IndexCommit Commit) Read(Stream stream, string path)
    {
        var first = new byte[TextOffset];
        if (stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) < first.Length || !first.AsSpan().StartsWith(Magic))
            throw IndexError.Damaged(path, "it does not begin like one");
        var format = BinaryPrimitives.ReadUInt32LittleEndian(first.AsSpan(8));
        if (format is 0 or > CurrentFormat)
            throw IndexError.Damaged(path, FormattableString.Invariant($"it has format {format}, and this version reads 1 … {CurrentFormat}"));
        var length = BinaryPrimitives.ReadInt32LittleEndian(first.AsSpan(12));
        var rest = length is < 2 or > MostText ? [] : new byte[Align(TextOffset + length) - TextOffset];
        if (rest.Length == 0 || stream.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false) < rest.Length
            || XxHash3.HashToUInt64(rest.AsSpan(0, length)) != BinaryPrimitives.ReadUInt64LittleEndian(first.AsSpan(16)))
        {
            throw IndexError.Damaged(path, "what it says of itself is damaged");
        }

        var commit = IndexCommit.Newest(first.AsSpan(CommitOffset)) ?? throw IndexError.Damaged(path, "neither of its two commits can be read");
        return (Parse(rest.AsSpan(0, length), path), commit);
    }

    /// <summary>The least multiple of <see cref="Alignment"/> that is not less.</summary>
    public static long Align(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static IndexHeader Parse(ReadOnlySpan<byte> text, string path)
    {
        try
        {
            var header = JsonSerializer.Deserialize<IndexHeader>(text, Json);
            return header is { FeatureCount: >= 1 and <= MostFeatures, TrunkChecksum: not null, Model: not null, Version: not null } && Enum.IsDefined(header.Type)
                ? header
                : throw IndexError.Damaged(path, "what it says of itself is incomplete");
        }
        catch (JsonException failure)
        {
            throw IndexError.Damaged(path, "what it says of itself is no JSON", failure);
        }
    }
}
