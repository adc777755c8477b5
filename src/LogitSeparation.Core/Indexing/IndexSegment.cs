using System.Buffers.Binary;
using System.IO.Hashing;

namespace LogitSeparation.Core.Indexing;

/// <summary>
/// A run of examples in an index: a head of 64 bytes, their names, their scales (int8 alone) and their features, each at a multiple of
/// 64 bytes from the beginning of the file.
/// </summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="FirstRow">The number of examples before it.</param>
/// <param name="RowCount">The number of its examples.</param>
/// <param name="NamesLength">The bytes of their names.</param>
/// <param name="NamesHash">XXH3 of them.</param>
/// <param name="FeaturesHash">XXH3 of scales and features.</param>
/// <param name="Range">How large its features are.</param>
internal sealed record IndexSegment(long Offset, long FirstRow, int RowCount, int NamesLength, ulong NamesHash, ulong FeaturesHash, FeatureRange Range)
{
    /// <summary>The bytes of the head.</summary>
    public const int HeadLength = IndexHeader.Alignment;

    private const uint Magic = 0x544D4753;
    private const int HashedLength = 40;

    /// <summary>Where the names begin.</summary>
    public long NamesOffset => Offset + HeadLength;

    /// <summary>Where the scales begin.</summary>
    public long ScalesOffset => IndexHeader.Align(NamesOffset + NamesLength);

    /// <summary>Where the features begin.</summary>
    public long FeaturesOffset(FeatureType type) => ScalesOffset + IndexHeader.Align(FeatureCoding.ScaleBytes(type, RowCount));

    /// <summary>Where the next segment begins.</summary>
    public long End(IndexHeader header) =>
        IndexHeader.Align(FeaturesOffset(header.Type) + ((long)RowCount * header.FeatureCount * FeatureCoding.SizeOf(header.Type)));

    /// <summary>The head as it is written.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeadLength];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), RowCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), NamesLength);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(12), Range.Largest);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), NamesHash);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), FeaturesHash);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), FirstRow);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(HashedLength), XxHash3.HashToUInt64(bytes.AsSpan(0, HashedLength)));
        return bytes;
    }

    /// <summary>Reads a head.</summary>
    /// <param name="bytes">64 bytes.</param>
    /// <param name="offset">Where they stand.</param>
    /// <param name="firstRow">The number of examples before it.</param>
    /// <returns>Null where it is none.</returns>
    public static IndexSegment? Parse(ReadOnlySpan<byte> bytes, long offset, long firstRow)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic
            || XxHash3.HashToUInt64(bytes[..HashedLength]) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[HashedLength..]))
        {
            return null;
        }

        var segment = new IndexSegment(
            offset, BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]), new(BinaryPrimitives.ReadSingleLittleEndian(bytes[12..])));
        return segment.RowCount > 0 && segment.NamesLength > 0 && segment.FirstRow == firstRow && segment.Range.Largest >= 0 && float.IsFinite(segment.Range.Largest)
            ? segment : null;
    }
}
