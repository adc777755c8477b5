using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LogitSeparation.Core.Indexing;

/// <summary>
/// Σ w_i x_i over kept features, in float32: four accumulators of the machine's vectors, so that memory is waited for and not
/// additions. Memory is read once, in order, and need not be aligned. Where the processor has fused products these are used: fewer
/// instructions leave it more room to read ahead.
/// </summary>
internal static unsafe class DotProduct
{
    /// <summary>What is left of a float16's bits that were moved to where float32 has them: sign, five bits of exponent, the fraction.</summary>
    private const int HalfBits = unchecked((int)0x8FFFFFFF);
    private const int HalfShift = 13;

    /// <summary>What the exponent of float32 is biased by more than that of float16.</summary>
    private const int HalfBias = 112;
    private const int LargestExponent = 14;

    /// <summary>How many features a vector has where products are fused.</summary>
    internal const int Width = 8;

    private static bool IsFused => Fma.IsSupported && Avx2.IsSupported;

    /// <summary>Over features that are float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Single(float* x, float* w, int d)
    {
        var whole = IsFused ? d - (d % Width) : Whole(d, Vector<float>.Count);
        var sum = IsFused ? Fused<float, SingleVector>(x, w, whole) : PortableSingle(x, w, whole);
        for (var i = whole; i < d; i++)
            sum += x[i] * w[i];
        return sum;
    }

    /// <summary>Over features that are float16, given as their bits; times what <see cref="ScaleForHalf"/> gave.</summary>
    /// <param name="x">d features.</param>
    /// <param name="w">d weights as <see cref="ScaleForHalf"/> left them.</param>
    /// <param name="d">Their number.</param>
    public static float Half(short* x, float* w, int d)
    {
        var whole = IsFused ? d - (d % Width) : Whole(d, Vector<float>.Count);
        var sum = IsFused ? Fused<short, HalfVector>(x, w, whole) : PortableHalf(x, w, whole);
        for (var i = whole; i < d; i++)
            sum += BitConverter.Int32BitsToSingle((x[i] << HalfShift) & HalfBits) * w[i];
        return sum;
    }

    /// <summary>Over features that are signed bytes; the row's scale comes after.</summary>
    public static float Byte(sbyte* x, float* w, int d)
    {
        var whole = IsFused ? d - (d % Width) : Whole(d, Vector<float>.Count);
        var sum = IsFused ? Fused<sbyte, ByteVector>(x, w, whole) : PortableByte(x, w, whole);
        for (var i = whole; i < d; i++)
            sum += x[i] * w[i];
        return sum;
    }

    /// <summary>
    /// Multiplies weights by a power of two, so that bits of float16 need only be moved to where float32 has them: what is missing to
    /// their exponents is in the weights.
    /// </summary>
    /// <param name="w">The weights; changed.</param>
    /// <returns>What sums are to be multiplied by: a power of two, 1 for weights below 2^15.</returns>
    public static float ScaleForHalf(Span<float> w)
    {
        var largest = 0f;
        foreach (var weight in w)
            largest = Math.Max(largest, Math.Abs(weight));
        var excess = largest > 0 && float.IsFinite(largest) ? Math.Max(0, Math.ILogB(largest) - LargestExponent) : 0;
        foreach (ref var weight in w)
            weight = (float)Math.ScaleB((double)weight, HalfBias - excess);
        return (float)Math.ScaleB(1.0, excess);
    }

    /// <summary>How many features fill four vectors, again and again.</summary>
    /// <param name="d">The number of features.</param>
    /// <param name="width">How many a vector holds.</param>
    internal static int Whole(int d, int width) => d - (d % (4 * width));

    /// <summary>Over features that fill vectors: those beyond the last four together would take as long one by one as all before them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Fused<T, TVector>(T* x, float* w, int whole)
        where T : unmanaged
        where TVector : struct, IFeatureVector<T>
    {
        Vector256<float> a = default, b = default, c = default, e = default;
        var i = 0;
        for (; i <= whole - (4 * Width); i += 4 * Width)
        {
            a = Fma.MultiplyAdd(TVector.Load(x + i), Vector256.Load(w + i), a);
            b = Fma.MultiplyAdd(TVector.Load(x + i + Width), Vector256.Load(w + i + Width), b);
            c = Fma.MultiplyAdd(TVector.Load(x + i + (2 * Width)), Vector256.Load(w + i + (2 * Width)), c);
            e = Fma.MultiplyAdd(TVector.Load(x + i + (3 * Width)), Vector256.Load(w + i + (3 * Width)), e);
        }

        for (; i < whole; i += Width)
            a = Fma.MultiplyAdd(TVector.Load(x + i), Vector256.Load(w + i), a);
        return Vector256.Sum((a + b) + (c + e));
    }

    /// <summary>The same on any processor, over features that fill its vectors (<see cref="Whole"/>).</summary>
    internal static float PortableSingle(float* x, float* w, int whole)
    {
        var v = Vector<float>.Count;
        Vector<float> a = default, b = default, c = default, e = default;
        for (var i = 0; i < whole; i += 4 * v)
        {
            a += Vector.Load(x + i) * Vector.Load(w + i);
            b += Vector.Load(x + i + v) * Vector.Load(w + i + v);
            c += Vector.Load(x + i + (2 * v)) * Vector.Load(w + i + (2 * v));
            e += Vector.Load(x + i + (3 * v)) * Vector.Load(w + i + (3 * v));
        }

        return Vector.Sum((a + b) + (c + e));
    }

    /// <summary>The same on any processor, over features that fill its vectors (<see cref="Whole"/>).</summary>
    internal static float PortableHalf(short* x, float* w, int whole)
    {
        var v = Vector<float>.Count;
        Vector<float> a = default, b = default, c = default, e = default;
        for (var i = 0; i < whole; i += 4 * v)
        {
            Vector.Widen(Vector.Load(x + i), out var first, out var second);
            Vector.Widen(Vector.Load(x + i + (2 * v)), out var third, out var fourth);
            a += Moved(first) * Vector.Load(w + i);
            b += Moved(second) * Vector.Load(w + i + v);
            c += Moved(third) * Vector.Load(w + i + (2 * v));
            e += Moved(fourth) * Vector.Load(w + i + (3 * v));
        }

        return Vector.Sum((a + b) + (c + e));
    }

    /// <summary>The same on any processor, over features that fill its vectors (<see cref="Whole"/>).</summary>
    internal static float PortableByte(sbyte* x, float* w, int whole)
    {
        var v = Vector<float>.Count;
        Vector<float> a = default, b = default, c = default, e = default;
        for (var i = 0; i < whole; i += 4 * v)
        {
            Vector.Widen(Vector.Load(x + i), out var low, out var high);
            Vector.Widen(low, out var first, out var second);
            Vector.Widen(high, out var third, out var fourth);
            a += Vector.ConvertToSingle(first) * Vector.Load(w + i);
            b += Vector.ConvertToSingle(second) * Vector.Load(w + i + v);
            c += Vector.ConvertToSingle(third) * Vector.Load(w + i + (2 * v));
            e += Vector.ConvertToSingle(fourth) * Vector.Load(w + i + (3 * v));
        }

        return Vector.Sum((a + b) + (c + e));
    }

    // The widened sign fills the bits above the exponent, and all of them but the highest are taken away.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Moved(Vector<int> bits) =>
        Vector.AsVectorSingle(Vector.ShiftLeft(bits, HalfShift) & new Vector<int>(HalfBits));

    /// <summary>Eight features as float32.</summary>
    private interface IFeatureVector<T>
        where T : unmanaged
    {
        static abstract Vector256<float> Load(T* x);
    }

    private readonly struct SingleVector : IFeatureVector<float>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(float* x) => Vector256.Load(x);
    }

    private readonly struct HalfVector : IFeatureVector<short>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(short* x) =>
            (Avx2.ShiftLeftLogical(Avx2.ConvertToVector256Int32(x), HalfShift) & Vector256.Create(HalfBits)).AsSingle();
    }

    private readonly struct ByteVector : IFeatureVector<sbyte>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(sbyte* x) => Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(x));
    }
}
