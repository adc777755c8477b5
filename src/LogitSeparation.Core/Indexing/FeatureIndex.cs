using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Indexing.Graphs;
using LogitSeparation.Core.Models;
using Microsoft.Win32.SafeHandles;

namespace LogitSeparation.Core.Indexing;

/// <summary>
/// The features that a model's trunk makes of many examples, in a file: what is needed to ask for any class again without the trunk. This
/// is what the file says of itself; it is opened for each search, and nothing of it stays in memory.
/// </summary>
public sealed class FeatureIndex
{
    private readonly IndexHeader _header;

    private FeatureIndex(string path, IndexHeader header, IndexCommit commit, IndexSegment[] segments)
    {
        (Path, _header, Commit, Segments) = (path, header, commit, segments);
        Range = segments.Aggregate(default(FeatureRange), (range, segment) => range.Join(segment.Range));
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The number of examples.</summary>
    public long Count => Commit.RowCount;

    /// <summary>The number of features of an example, d.</summary>
    public int FeatureCount => _header.FeatureCount;

    /// <summary>What the features are kept as.</summary>
    public FeatureType Type => _header.Type;

    /// <summary>The bytes of the file that count.</summary>
    public long Length => Commit.Length;

    /// <summary>The model that made the features, in words.</summary>
    public string Model => _header.Model;

    /// <summary>SHA-256 over that model's trunk: models with the same may ask.</summary>
    public string TrunkChecksum => _header.TrunkChecksum;

    /// <summary>The graph that approximate answers come from; null where none was made.</summary>
    /// <exception cref="SlcException"><c>GraphDamaged</c>, <c>GraphTruncated</c>, <c>FileUnreadable</c>.</exception>
    public IndexGraph? Graph => IndexGraph.Find(this);

    /// <summary>What the examples were read from, each once, as far as they are no files.</summary>
    public IReadOnlyList<string> Source => ReadNames().Select(names => names.Source).OfType<string>().Distinct().ToArray();

    internal IndexHeader Header => _header;

    internal IndexCommit Commit { get; }

    internal IReadOnlyList<IndexSegment> Segments { get; }

    internal FeatureRange Range { get; }

    /// <summary>A checksum over the features of the first examples, in lower-case hexadecimal digits.</summary>
    /// <param name="rows">How many: those of whole segments.</param>
    /// <returns>Null where no segment ends there.</returns>
    internal string? Checksum(long rows)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{TrunkChecksum} {FeatureCount} {Type}")));
        var counted = 0L;
        foreach (var segment in Segments.TakeWhile(segment => segment.FirstRow < rows))
        {
            hash.Append(MemoryMarshal.AsBytes<ulong>([(ulong)segment.RowCount, segment.FeaturesHash]));
            counted += segment.RowCount;
        }

        return counted == rows ? Convert.ToHexString(hash.GetCurrentHash()).ToLowerInvariant() : null;
    }

    /// <summary>Reads what an index says of itself.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SlcException">
    /// <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>IndexDamaged</c> (also of a foreign file), <c>IndexTruncated</c>, <c>IndexInUse</c>.
    /// </exception>
    public static FeatureIndex Open(string path)
    {
        using var stream = OpenFile(path);
        return Read(stream, LocalPath.Resolve(path));
    }

    /// <summary>Compares all features and names with their checksums, in one pass over the file.</summary>
    /// <param name="cancellation">Looked at before each segment.</param>
    /// <exception cref="SlcException">As of <see cref="Open"/>.</exception>
    public void Verify(CancellationToken cancellation = default)
    {
        using var stream = Reopen();
        var block = new byte[1 << 20];
        foreach (var segment in Segments)
        {
            cancellation.ThrowIfCancellationRequested();
            _ = ReadNames(stream.SafeFileHandle, segment);
            var hash = new XxHash3();
            var (offset, end) = (segment.ScalesOffset, segment.End(_header));
            for (int count; offset < end; offset += count)
            {
                count = (int)Math.Min(block.Length, end - offset);
                ReadExactly(stream.SafeFileHandle, block.AsSpan(0, count), offset);
                hash.Append(block.AsSpan(0, count));
            }

            if (hash.GetCurrentHashAsUInt64() != segment.FeaturesHash)
                throw IndexError.FeaturesDamaged(Path, segment);
        }
    }

    /// <summary>Where some examples stand, in their order, each once.</summary>
    /// <param name="rows">Their numbers, 0 … n-1.</param>
    internal IndexPart[] PartsOf(IReadOnlyList<long> rows)
    {
        var parts = new List<IndexPart>(rows.Count);
        var place = 0;
        foreach (var row in rows.Distinct().Order())
        {
            while (row >= Segments[place].FirstRow + Segments[place].RowCount)
                place++;
            parts.Add(new(Segments[place], (int)(row - Segments[place].FirstRow), Count: 1));
        }

        return [.. parts];
    }

    /// <summary>Refuses a model whose features these are not.</summary>
    /// <exception cref="SlcException"><c>IndexOfAnotherModel</c>.</exception>
    internal void CheckModel(Model model)
    {
        if (model.FeatureCount != FeatureCount || Indexing.TrunkChecksum.Of(model) != TrunkChecksum)
            throw IndexError.OtherModel(this, model.ToString());
    }

    /// <summary>Reads an index from an open file.</summary>
    internal static FeatureIndex Read(FileStream stream, string path) => FileFailure.Guard(path, () =>
    {
        stream.Position = 0;
        var (header, commit) = IndexHeader.Read(stream, path);
        var (offset, rows) = (stream.Position, 0L);
        if (stream.Length < commit.Length)
            throw IndexError.Truncated(path, stream.Length, commit.Length);
        var segments = new List<IndexSegment>();
        var head = new byte[IndexSegment.HeadLength];
        while (offset < commit.Length)
        {
            var isWhole = offset + head.Length <= commit.Length && RandomAccess.Read(stream.SafeFileHandle, head, offset) == head.Length;
            var segment = isWhole ? IndexSegment.Parse(head, offset, rows) : null;
            if (segment is null || segment.End(header) > commit.Length)
                throw IndexError.Damaged(path, FormattableString.Invariant($"at byte {offset} there is no run of examples, where one was written"));
            segments.Add(segment);
            (offset, rows) = (segment.End(header), rows + segment.RowCount);
        }

        return rows == commit.RowCount
            ? new FeatureIndex(path, header, commit, [.. segments])
            : throw IndexError.Damaged(path, FormattableString.Invariant($"it has {rows} examples, where {commit.RowCount} were written"));
    });

    /// <summary>Opens the file so that nobody adds to it meanwhile.</summary>
    internal static FileStream OpenFile(string path)
    {
        try
        {
            return InputFile.Open(path);
        }
        catch (SlcException failure) when (failure.InnerException is IOException inner && FileFailure.IsInUse(inner))
        {
            throw IndexError.InUse(path, inner);
        }
    }

    /// <summary>Opens the file again, where its examples are still those that this knows: it may have grown since, and not become another.</summary>
    /// <exception cref="SlcException"><c>IndexChanged</c>, and those of <see cref="Open"/>.</exception>
    internal FileStream Reopen()
    {
        var stream = OpenFile(Path);
        try
        {
            var found = Read(stream, Path);
            return found.Header == Header && found.Checksum(Count) == Checksum(Count) ? stream : throw IndexError.Changed(Path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The names of a segment's examples.</summary>
    internal SegmentNames ReadNames(SafeFileHandle file, IndexSegment segment)
    {
        var bytes = new byte[segment.NamesLength];
        ReadExactly(file, bytes, segment.NamesOffset);
        return (XxHash3.HashToUInt64(bytes) == segment.NamesHash ? SegmentNames.Parse(bytes, segment.RowCount) : null)
            ?? throw IndexError.Damaged(Path, FormattableString.Invariant($"the names of its examples {segment.FirstRow} … {segment.FirstRow + segment.RowCount - 1} are damaged"));
    }

    /// <inheritdoc/>
    public override string ToString() => Path;

    private IEnumerable<SegmentNames> ReadNames()
    {
        using var stream = Reopen();
        foreach (var segment in Segments)
            yield return ReadNames(stream.SafeFileHandle, segment);
    }

    /// <summary>Reads bytes that have to be there.</summary>
    /// <exception cref="SlcException"><c>IndexTruncated</c>, <c>FileUnreadable</c>.</exception>
    internal void ReadExactly(SafeFileHandle file, Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            int count;
            try
            {
                count = RandomAccess.Read(file, target, offset);
            }
            catch (IOException failure)
            {
                throw FileFailure.Reading(Path, failure);
            }

            if (count == 0)
                throw IndexError.Truncated(Path, offset, Commit.Length);
            target = target[count..];
            offset += count;
        }
    }
}
