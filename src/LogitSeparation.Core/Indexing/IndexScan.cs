using System.IO.MemoryMappedFiles;

namespace LogitSeparation.Core.Indexing;

/// <summary>Reads an index through memory.</summary>
/// <remarks>
/// A mapped file that is cut short kills who reads it. Nobody of ours does so, writers are kept out while this is open, and the length is
/// looked at before each part: only a foreign program in the very moment of a part's reading can.
/// </remarks>
internal sealed unsafe class IndexScan : IDisposable
{
    private readonly FeatureIndex _index;
    private readonly FileStream _file;
    private readonly QueryRows _rows;
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _first;

    /// <summary>Maps an index.</summary>
    /// <param name="index">What the file says of itself.</param>
    /// <param name="file">The file, which stays the caller's.</param>
    /// <param name="rows">What is asked.</param>
    /// <exception cref="SlcException"><c>IndexTruncated</c>, <c>FileUnreadable</c>.</exception>
    public IndexScan(FeatureIndex index, FileStream file, QueryRows rows)
    {
        (_index, _file, _rows) = (index, file, rows);
        CheckLength();
        try
        {
            _map = MemoryMappedFile.CreateFromFile(file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _map.CreateViewAccessor(0, index.Length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _first);
            _first += _view.PointerOffset;
        }
        catch (Exception failure) when (Formats.FileFailure.IsFileFailure(failure))
        {
            Dispose();
            throw Formats.FileFailure.Reading(index.Path, failure);
        }
    }

    /// <summary>Computes the logits of some parts, on all processors.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="cancellation">Looked at before each.</param>
    /// <returns>Those above their thresholds, part by part, in order.</returns>
    /// <exception cref="SlcException"><c>IndexTruncated</c>, <c>IndexDamaged</c>.</exception>
    public List<IndexHit>[] Run(IReadOnlyList<IndexPart> parts, CancellationToken cancellation)
    {
        var hits = new List<IndexHit>[parts.Count];
        try
        {
            Parallel.For(0, parts.Count, new ParallelOptions { CancellationToken = cancellation }, i => hits[i] = Compute(parts[i]));
        }
        catch (AggregateException failure) when (failure.InnerExceptions.OfType<SlcException>().FirstOrDefault() is { } first)
        {
            throw first;
        }

        return hits;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_first is not null)
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _map?.Dispose();
    }

    private List<IndexHit> Compute(IndexPart part)
    {
        CheckLength();
        var (d, type) = (_rows.FeatureCount, _index.Type);
        var hits = new List<IndexHit>();
        var scales = (float*)(_first + part.Segment.ScalesOffset);
        var features = _first + part.Segment.FeaturesOffset(type);
        var rowBytes = (long)d * FeatureCoding.SizeOf(type);
        fixed (float* weight = _rows.Weight)
        {
            for (var row = part.First; row < part.First + part.Count; row++)
            {
                for (var q = 0; q < _rows.Bias.Length; q++)
                {
                    var z = (Dot(type, features + (row * rowBytes), weight + (q * d), d, scales, row) * _rows.Factor[q]) + _rows.Bias[q];
                    if (z > _rows.Threshold[q])
                        hits.Add(new(row, q, z));
                    else if (float.IsNaN(z))
                        throw IndexError.Damaged(_index.Path, FormattableString.Invariant($"its example {part.Segment.FirstRow + row} has features that are no numbers"));
                }
            }
        }

        return hits;
    }

    private static float Dot(FeatureType type, byte* row, float* weight, int d, float* scales, int number) => type switch
    {
        FeatureType.F32 => DotProduct.Single((float*)row, weight, d),
        FeatureType.F16 => DotProduct.Half((short*)row, weight, d),
        _ => scales[number] * DotProduct.Byte((sbyte*)row, weight, d),
    };

    private void CheckLength()
    {
        var length = RandomAccess.GetLength(_file.SafeFileHandle);
        if (length < _index.Length)
            throw IndexError.Truncated(_index.Path, length, _index.Length);
    }
}
