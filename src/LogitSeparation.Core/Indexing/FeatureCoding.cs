using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Indexing;

/// <summary>Features as the bytes that an index keeps.</summary>
internal static class FeatureCoding
{
    private const int ByteSteps = 127;

    /// <summary>The bytes of a feature.</summary>
    public static int SizeOf(FeatureType type) => type switch
    {
        FeatureType.F32 => sizeof(float),
        FeatureType.F16 => sizeof(ushort),
        _ => sizeof(sbyte),
    };

    /// <summary>The bytes of the scales of rows, which only int8 has: one float32 a row.</summary>
    public static long ScaleBytes(FeatureType type, long rows) => type == FeatureType.I8 ? rows * sizeof(float) : 0;

    /// <summary>Brings rows into their kept form.</summary>
    /// <param name="features">n x d.</param>
    /// <param name="d">The features of a row.</param>
    /// <param name="type">What they are kept as.</param>
    /// <param name="scales">Out: the scale of each row; n for int8, else empty.</param>
    /// <param name="target">Out: n x d features.</param>
    /// <exception cref="SlcException"><c>FeatureOutOfRange</c>: one is not finite, or too large for float16.</exception>
    public static void Encode(ReadOnlySpan<float> features, int d, FeatureType type, Span<float> scales, Span<byte> target)
    {
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(features));
        var limit = type == FeatureType.F16 ? (float)Half.MaxValue : float.MaxValue;
        if (!(largest <= limit))
        {
            throw new SlcException("FeatureOutOfRange", SlcErrorKind.InvalidData, FormattableString.Invariant(
                $"The trunk gives a feature of magnitude {largest}, and {type} holds up to {limit}. Keep them as F32, or train a model whose features are finite."), type);
        }

        switch (type)
        {
            case FeatureType.F32:
                MemoryMarshal.AsBytes(features).CopyTo(target);
                break;
            case FeatureType.F16:
                TensorPrimitives.ConvertToHalf(features, MemoryMarshal.Cast<byte, Half>(target));
                break;
            default:
                for (var row = 0; row < scales.Length; row++)
                    scales[row] = EncodeRow(features.Slice(row * d, d), MemoryMarshal.Cast<byte, sbyte>(target).Slice(row * d, d));
                break;
        }
    }

    /// <summary>Brings kept rows back.</summary>
    /// <param name="kept">n x d features as they are kept.</param>
    /// <param name="d">The features of a row.</param>
    /// <param name="type">What they are kept as.</param>
    /// <param name="scales">The scale of each row; n for int8, else empty.</param>
    /// <param name="features">Out: n x d.</param>
    public static void Decode(ReadOnlySpan<byte> kept, int d, FeatureType type, ReadOnlySpan<float> scales, Span<float> features)
    {
        switch (type)
        {
            case FeatureType.F32:
                kept.CopyTo(MemoryMarshal.AsBytes(features));
                break;
            case FeatureType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(kept), features);
                break;
            default:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, sbyte>(kept), features);
                for (var row = 0; row < scales.Length; row++)
                    TensorPrimitives.Multiply(features.Slice(row * d, d), scales[row], features.Slice(row * d, d));
                break;
        }
    }

    // x ≈ scale q with q = round(x / scale), -127 … 127.
    private static float EncodeRow(ReadOnlySpan<float> row, Span<sbyte> target)
    {
        // In double, since the least float32 divided by 127 is nothing.
        var scale = (double)(float)(Math.Abs((double)TensorPrimitives.MaxMagnitude(row)) / ByteSteps);
        if (scale == 0)
        {
            target.Clear();
            return 0;
        }

        for (var i = 0; i < row.Length; i++)
            target[i] = (sbyte)Math.Clamp(Math.Round(row[i] / scale), -ByteSteps, ByteSteps);
        return (float)scale;
    }
}
