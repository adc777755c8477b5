using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Indexing;

/// <summary>
/// Adds examples to an index's file, segment by segment. Each is on disk before it is committed, and counts from then on, whatever
/// becomes of the process; what a process that ended left after the last commit is written over.
/// </summary>
internal sealed class IndexWriter : IDisposable
{
    private const long SegmentBytes = 8L << 20;
    private const int MostRows = 1 << 16;

    private readonly string _path;
    private readonly IndexHeader _header;
    private readonly FileStream _file;
    private readonly List<ExampleName> _names = [];
    private readonly List<float> _features = [];
    private string? _source;
    private IndexCommit _commit;

    private IndexWriter(string path, FileStream file, IndexHeader header, IndexCommit commit) =>
        (_path, _file, _header, _commit) = (path, file, header, commit);

    /// <summary>Writes an index without examples.</summary>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static void Create(string path, IndexHeader header) => AtomicFile.Write(path, stream => stream.Write(header.ToBytes()));

    /// <summary>Opens an index to add to it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="check">Looks at the index, and may refuse it.</param>
    /// <exception cref="SlcException">As of <see cref="FeatureIndex.Open"/>; <c>NotWritable</c>.</exception>
    public static IndexWriter Open(string path, Action<FeatureIndex> check)
    {
        // Says what is wrong with a file that cannot even be read.
        FeatureIndex.OpenFile(path).Dispose();
        var full = LocalPath.Resolve(path);
        FileStream? file = null;
        try
        {
            file = new FileStream(full, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            var index = FeatureIndex.Read(file, full);
            check(index);
            return new(full, file, index.Header, index.Commit);
        }
        catch (Exception failure)
        {
            file?.Dispose();
            if (failure is IOException inUse && FileFailure.IsInUse(inUse))
                throw IndexError.InUse(full, failure);
            if (FileFailure.IsFileFailure(failure))
                throw FileFailure.Writing(full, failure, "Change its permissions, or make another index.");
            throw;
        }
    }

    /// <summary>Adds examples; they are written when there are enough, or by <see cref="Commit"/>.</summary>
    /// <param name="source">What they were read from.</param>
    /// <param name="names">n examples.</param>
    /// <param name="features">n x d.</param>
    public void Add(string? source, IReadOnlyList<ExampleName> names, ReadOnlySpan<float> features)
    {
        if (_names.Count > 0 && source != _source)
            Commit();
        _source = source;
        _names.AddRange(names);
        CollectionsMarshal.SetCount(_features, _features.Count + features.Length);
        features.CopyTo(CollectionsMarshal.AsSpan(_features)[^features.Length..]);
        if (_names.Count >= MostRows || sizeof(float) * (long)_features.Count >= SegmentBytes)
            Commit();
    }

    /// <summary>Writes what was added since, and makes it count.</summary>
    /// <exception cref="SlcException"><c>DiskFull</c>, <c>NotWritable</c>, <c>FeatureOutOfRange</c>.</exception>
    public void Commit()
    {
        if (_names.Count == 0)
            return;
        var (segment, names, body) = Encode();
        try
        {
            _file.Position = _commit.Length;
            _file.Write(segment.ToBytes());
            _file.Write(names);
            _file.Position = segment.ScalesOffset;
            _file.Write(body);
            _file.Flush(flushToDisk: true);
            var next = new IndexCommit(_commit.Sequence + 1, segment.End(_header), _commit.RowCount + segment.RowCount);
            var place = new byte[IndexHeader.Alignment];
            next.Write(place);
            _file.Position = next.Offset;
            _file.Write(place);
            _file.Flush(flushToDisk: true);
            _commit = next;
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Writing(_path, failure, "What was committed before is kept: add the rest again.");
        }

        _names.Clear();
        _features.Clear();
    }

    /// <summary>Closes the file; what was not committed is not kept.</summary>
    public void Dispose() => _file.Dispose();

    // Scales and features, with what fills them up to whole multiples of the alignment.
    private (IndexSegment Segment, byte[] Names, byte[] Body) Encode()
    {
        var (type, rows) = (_header.Type, _names.Count);
        var features = CollectionsMarshal.AsSpan(_features);
        var names = SegmentNames.Of(_source, _names).ToBytes();
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(features));
        var segment = new IndexSegment(_commit.Length, _commit.RowCount, rows, names.Length, XxHash3.HashToUInt64(names), FeaturesHash: 0, new(largest));
        var body = new byte[segment.End(_header) - segment.ScalesOffset];
        var scales = MemoryMarshal.Cast<byte, float>(body.AsSpan(0, (int)FeatureCoding.ScaleBytes(type, rows)));
        var target = body.AsSpan((int)(segment.FeaturesOffset(type) - segment.ScalesOffset), features.Length * FeatureCoding.SizeOf(type));
        FeatureCoding.Encode(features, _header.FeatureCount, type, scales, target);
        return (segment with { FeaturesHash = XxHash3.HashToUInt64(body) }, names, body);
    }
}
