using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LogitSeparation.Core.Indexing;

/// <summary>The features of a run of examples as numbers.</summary>
internal static class SegmentFeatures
{
    /// <summary>Reads them, and compares them with their checksum.</summary>
    /// <param name="index">The index.</param>
    /// <param name="file">Its file.</param>
    /// <param name="segment">Which of its segments.</param>
    /// <returns>n x d.</returns>
    /// <exception cref="SlcException"><c>IndexDamaged</c>, <c>IndexTruncated</c>, <c>FileUnreadable</c>.</exception>
    public static float[] Read(FeatureIndex index, SafeFileHandle file, IndexSegment segment)
    {
        var (type, d) = (index.Type, index.FeatureCount);
        var bytes = new byte[segment.End(index.Header) - segment.ScalesOffset];
        index.ReadExactly(file, bytes, segment.ScalesOffset);
        if (XxHash3.HashToUInt64(bytes) != segment.FeaturesHash)
            throw IndexError.FeaturesDamaged(index.Path, segment);
        var features = new float[(long)segment.RowCount * d];
        var kept = bytes.AsSpan((int)(segment.FeaturesOffset(type) - segment.ScalesOffset), features.Length * FeatureCoding.SizeOf(type));
        FeatureCoding.Decode(kept, d, type, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, (int)FeatureCoding.ScaleBytes(type, segment.RowCount))), features);
        return TensorPrimitives.IsFiniteAll<float>(features) ? features : throw IndexError.FeaturesDamaged(index.Path, segment);
    }
}
