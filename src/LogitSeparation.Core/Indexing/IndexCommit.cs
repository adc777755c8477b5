using System.Buffers.Binary;
using System.IO.Hashing;

namespace LogitSeparation.Core.Indexing;

/// <summary>
/// How far an index's file is valid. There are two places, written in turn after what they commit is on disk: whenever a process ends,
/// one of them is whole, and what lies after its length counts for nothing.
/// </summary>
/// <param name="Sequence">The newer one has the larger number; it stands in the place of its lowest bit.</param>
/// <param name="Length">The bytes of the file that are valid.</param>
/// <param name="RowCount">The examples in them.</param>
internal readonly record struct IndexCommit(long Sequence, long Length, long RowCount)
{
    private const int HashedLength = 24;

    /// <summary>Where it stands in the file.</summary>
    public long Offset => IndexHeader.CommitOffset + ((Sequence & 1) * IndexHeader.Alignment);

    /// <summary>Writes it.</summary>
    /// <param name="target">At least 32 bytes.</param>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], RowCount);
        BinaryPrimitives.WriteUInt64LittleEndian(target[HashedLength..], XxHash3.HashToUInt64(target[..HashedLength]));
    }

    /// <summary>The newer of the two that is whole; null where neither is.</summary>
    /// <param name="places">Both places, one after the other.</param>
    public static IndexCommit? Newest(ReadOnlySpan<byte> places)
    {
        var (first, second) = (Read(places, 0), Read(places[IndexHeader.Alignment..], 1));
        return first is null || second?.Sequence > first.Value.Sequence ? second : first;
    }

    private static IndexCommit? Read(ReadOnlySpan<byte> place, int parity)
    {
        if (XxHash3.HashToUInt64(place[..HashedLength]) != BinaryPrimitives.ReadUInt64LittleEndian(place[HashedLength..]))
            return null;
        var commit = new IndexCommit(BinaryPrimitives.ReadInt64LittleEndian(place), BinaryPrimitives.ReadInt64LittleEndian(place[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(place[16..]));
        return commit is { Sequence: >= 0, Length: > 0, RowCount: >= 0 } && (commit.Sequence & 1) == parity ? commit : null;
    }
}
