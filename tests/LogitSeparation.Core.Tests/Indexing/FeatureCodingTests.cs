using LogitSeparation.Core.Indexing;
using Xunit;

namespace LogitSeparation.Core.Tests.Indexing;

/// <summary>Kept features and their products against plain sums in double.</summary>
public sealed class FeatureCodingTests
{
    [Theory]
    [InlineData(FeatureType.F32)]
    [InlineData(FeatureType.F16)]
    [InlineData(FeatureType.I8)]
    public unsafe void Logits_keep_within_the_bound_and_come_near_it(FeatureType type)
    {
        var random = new SplitMix64(11);
        foreach (var (d, unit) in new[] { (1, 1.0), (7, 1e-3), (31, 1), (32, 1e-6), (33, 30), (257, 1), (512, 1), (1000, 1e-30) })
        {
            var worst = 0.0;
            for (var round = 0; round < 200; round++)
            {
                var (x, w) = (new float[d], new float[d]);
                for (var i = 0; i < d; i++)
                {
                    x[i] = (float)(unit * ((2 * random.NextDouble()) - 1));
                    w[i] = (float)((2 * random.NextDouble()) - 1);
                }

                var (scales, bytes) = (new float[type == FeatureType.I8 ? 1 : 0], new byte[d * FeatureCoding.SizeOf(type)]);
                FeatureCoding.Encode(x, d, type, scales, bytes);
                var exact = x.Zip(w, (a, b) => (double)a * b).Sum();
                var bound = new FeatureRange(x.Max(Math.Abs)).LogitError(type, w, bias: 0);
                var factor = type == FeatureType.F16 ? DotProduct.ScaleForHalf(w) : 1;
                float z;
                fixed (byte* row = bytes)
                fixed (float* weight = w)
                {
                    z = type switch
                    {
                        FeatureType.F32 => DotProduct.Single((float*)row, weight, d),
                        FeatureType.F16 => DotProduct.Half((short*)row, weight, d) * factor,
                        _ => scales[0] * DotProduct.Byte((sbyte*)row, weight, d),
                    };
                }

                Assert.InRange(Math.Abs(z - exact), 0, bound + double.Epsilon);
                AssertPortable(type, bytes, w, factor * (scales.Length > 0 ? scales[0] : 1), z, bound);
                worst = Math.Max(worst, Math.Abs(z - exact) / bound);
            }

            // Errors of many features cancel, so the bound is far from what happens; of one they do not (and bytes keep it as it is).
            Assert.True(d > 1 || type != FeatureType.F16 || worst > 0.5, $"{type}: {worst}");
        }
    }

    // What processors without fused products compute, over the part that fills their vectors.
    private static unsafe void AssertPortable(FeatureType type, byte[] bytes, float[] w, float factor, float z, double bound)
    {
        var whole = DotProduct.Whole(w.Length, System.Numerics.Vector<float>.Count);
        float sum;
        fixed (byte* row = bytes)
        fixed (float* weight = w)
        {
            sum = type switch
            {
                FeatureType.F32 => DotProduct.PortableSingle((float*)row, weight, whole),
                FeatureType.F16 => DotProduct.PortableHalf((short*)row, weight, whole),
                _ => DotProduct.PortableByte((sbyte*)row, weight, whole),
            };
        }

        if (whole == w.Length)
            Assert.InRange(Math.Abs((sum * factor) - z), 0, 2 * bound);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.125f)]
    [InlineData(32768f)]
    [InlineData(3.3230700e35f)]
    public unsafe void Float16_is_read_as_it_is_for_all_finite_numbers(float weightOfAll)
    {
        var lanes = 4 * System.Numerics.Vector<float>.Count;
        var (x, w) = (new ushort[lanes], new float[lanes]);
        Array.Fill(w, weightOfAll);
        var factor = DotProduct.ScaleForHalf(w);
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var value = BitConverter.UInt16BitsToHalf((ushort)bits);
            if (!Half.IsFinite(value))
                continue;
            Array.Clear(x);
            x[bits % lanes] = (ushort)bits;
            fixed (ushort* row = x)
            fixed (float* weight = w)
                Assert.Equal((float)value * weightOfAll, DotProduct.Half((short*)row, weight, lanes) * factor);
        }
    }

    [Theory]
    [InlineData(FeatureType.F16, 65505f)]
    [InlineData(FeatureType.F16, float.PositiveInfinity)]
    [InlineData(FeatureType.F32, float.NaN)]
    [InlineData(FeatureType.I8, float.NegativeInfinity)]
    public void What_cannot_be_kept_is_refused(FeatureType type, float value)
    {
        var error = Assert.Throws<SlcException>(() => FeatureCoding.Encode([1, value, 2], 3, type, new float[type == FeatureType.I8 ? 1 : 0], new byte[12]));
        Assert.Equal("FeatureOutOfRange", error.ErrorId);
    }
}
