using System.Numerics;
using System.Runtime.CompilerServices;

namespace LogitSeparation.Core.Indexing;

/// <summary>
/// Σ w_i x_i over kept features, in float32: four accumulators of the machine's vectors, so that memory is waited for and not
/// additions. Memory is read once, in order, and need not be aligned.
/// </summary>
internal static unsafe class DotProduct
{
    /// <summary>2^112: what the exponent of float32 is biased by more than that of float16.</summary>
    private const uint HalfBiasBits = 0x77800000;

    /// <summary>Over features that are float32.</summary>
    public static float Single(float* x, float* w, int d)
    {
        var (v, i) = (Vector<float>.Count, 0);
        Vector<float> a = default, b = default, c = default, e = default;
        for (; i <= d - (4 * v); i += 4 * v)
        {
            a += Vector.Load(x + i) * Vector.Load(w + i);
            b += Vector.Load(x + i + v) * Vector.Load(w + i + v);
            c += Vector.Load(x + i + (2 * v)) * Vector.Load(w + i + (2 * v));
            e += Vector.Load(x + i + (3 * v)) * Vector.Load(w + i + (3 * v));
        }

        var sum = Vector.Sum((a + b) + (c + e));
        for (; i < d; i++)
            sum += x[i] * w[i];
        return sum;
    }

    /// <summary>Over features that are float16, given as their bits.</summary>
    public static float Half(ushort* x, float* w, int d)
    {
        var (v, i) = (Vector<float>.Count, 0);
        Vector<float> a = default, b = default, c = default, e = default;
        for (; i <= d - (4 * v); i += 4 * v)
        {
            Vector.Widen(Vector.Load(x + i), out var first, out var second);
            Vector.Widen(Vector.Load(x + i + (2 * v)), out var third, out var fourth);
            a += ToSingle(first) * Vector.Load(w + i);
            b += ToSingle(second) * Vector.Load(w + i + v);
            c += ToSingle(third) * Vector.Load(w + i + (2 * v));
            e += ToSingle(fourth) * Vector.Load(w + i + (3 * v));
        }

        var sum = Vector.Sum((a + b) + (c + e));
        for (; i < d; i++)
            sum += (float)BitConverter.UInt16BitsToHalf(x[i]) * w[i];
        return sum;
    }

    /// <summary>Over features that are signed bytes; the row's scale comes after.</summary>
    public static float Byte(sbyte* x, float* w, int d)
    {
        var (v, i) = (Vector<float>.Count, 0);
        Vector<float> a = default, b = default, c = default, e = default;
        for (; i <= d - (4 * v); i += 4 * v)
        {
            Vector.Widen(Vector.Load(x + i), out var low, out var high);
            Vector.Widen(low, out var first, out var second);
            Vector.Widen(high, out var third, out var fourth);
            a += Vector.ConvertToSingle(first) * Vector.Load(w + i);
            b += Vector.ConvertToSingle(second) * Vector.Load(w + i + v);
            c += Vector.ConvertToSingle(third) * Vector.Load(w + i + (2 * v));
            e += Vector.ConvertToSingle(fourth) * Vector.Load(w + i + (3 * v));
        }

        var sum = Vector.Sum((a + b) + (c + e));
        for (; i < d; i++)
            sum += x[i] * w[i];
        return sum;
    }

    // Exponent and fraction shifted to where float32 has them, and the exponent's bias mended by a product, which is exact also for
    // numbers below the least normal one. There is neither infinity nor NaN among kept features.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ToSingle(Vector<uint> bits)
    {
        var magnitude = Vector.AsVectorSingle(Vector.ShiftLeft(bits & new Vector<uint>(0x7fff), 13)) * new Vector<float>(BitConverter.UInt32BitsToSingle(HalfBiasBits));
        return Vector.AsVectorSingle(Vector.AsVectorUInt32(magnitude) | Vector.ShiftLeft(bits & new Vector<uint>(0x8000), 16));
    }
}
