using System.Numerics;
using System.Runtime.CompilerServices;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// e^x for x ≤ 0, a vector at a time: what softmax and the logistic function spend their time on. To about one rounding of float32;
/// below e^-87.3, where float32 loses its digits, it is 0. NaN stays NaN.
/// </summary>
internal static class DecayingExponential
{
    private const float Smallest = -87.3f;

    // Adding this rounds to a whole number and leaves that number in the last bits of the sum.
    private const float Rounder = 12582912;
    private const int MantissaBits = 23;

    // ln 2 in two parts: the first has so few bits that its product with a whole number up to 127 is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = (float)(0.69314718055994530942 - 0.693359375);

    /// <summary>e^x = 2^n e^r with |r| ≤ ln 2 / 2, and e^r by its Taylor series, whose eighth power is below float32's rounding.</summary>
    /// <param name="x">At most 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        var rounded = (x * 1.44269504f) + new Vector<float>(Rounder);
        var n = rounded - new Vector<float>(Rounder);
        var r = x - (n * Ln2High) - (n * Ln2Low);
        var series = new Vector<float>(1f / 5040);
        series = (series * r) + new Vector<float>(1f / 720);
        series = (series * r) + new Vector<float>(1f / 120);
        series = (series * r) + new Vector<float>(1f / 24);
        series = (series * r) + new Vector<float>(1f / 6);
        series = (series * r) + new Vector<float>(0.5f);
        series = (series * r * r) + r + Vector<float>.One;
        var scaled = Vector.AsVectorSingle(Vector.AsVectorInt32(series) + Vector.ShiftLeft(Vector.AsVectorInt32(rounded), MantissaBits));
        var result = Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(Smallest)), Vector<float>.Zero, scaled);
        return Vector.ConditionalSelect(Vector.Equals(x, x), result, x);
    }

    /// <summary>e^x of one number.</summary>
    /// <param name="x">At most 0.</param>
    public static float Of(float x) => x < Smallest ? 0 : MathF.Exp(x);
}
