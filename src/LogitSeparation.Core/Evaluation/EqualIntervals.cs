using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Divides a range of numbers into equal intervals, 0 … last, the outer two of which reach to infinity. Finding a number's interval
/// is a subtraction, a multiplication and a rounding, which all keep the order, so a search may begin where its interval does.
/// </summary>
/// <param name="From">Where the intervals begin.</param>
/// <param name="Scale">Intervals by unit; 0 where all numbers fall into the first.</param>
/// <param name="Last">The last interval's number, below 2^23.</param>
internal readonly record struct EqualIntervals<T>(T From, T Scale, T Last)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The intervals reach this many times the span of the middle four fifths: an outlier would else leave one for the rest.</summary>
    private const double Reach = 2;

    /// <summary>Chooses intervals for numbers that are to be told apart.</summary>
    /// <param name="sorted">At least one number, rising, none NaN.</param>
    /// <param name="count">The number of intervals.</param>
    public static EqualIntervals<T> For(ReadOnlySpan<T> sorted, int count)
    {
        var (low, high) = (ToDouble(sorted[sorted.Length / 10]), ToDouble(sorted[^(1 + sorted.Length / 10)]));
        var margin = Reach * (high - low);
        var from = T.CreateTruncating(Math.Max(ToDouble(sorted[0]), low - margin));
        var to = Math.Min(ToDouble(sorted[^1]), high + margin);
        var scale = T.CreateTruncating((count - 1) / (to - ToDouble(from)));
        var last = T.CreateTruncating(count - 1);
        // Not finite where numbers are infinite or equal.
        return T.IsFinite(scale) && T.IsFinite(from) && scale > T.Zero ? new(from, scale, last) : new(T.Zero, T.Zero, last);
    }

    /// <summary>The interval of one number.</summary>
    /// <param name="value">Any number but NaN.</param>
    public int Of(T value) => Of(Vector256.Create(value), Vector256.Create(From), Vector256.Create(Scale), Vector256.Create(Last))[0];

    /// <summary>The intervals of as many numbers as a vector has lanes, each lane with intervals of its own.</summary>
    /// <param name="values">The numbers, none NaN.</param>
    /// <param name="from">Each lane's <see cref="From"/>.</param>
    /// <param name="scale">Each lane's <see cref="Scale"/>.</param>
    /// <param name="last">Each lane's <see cref="Last"/>.</param>
    /// <returns>As many intervals as there are lanes; what follows them means nothing.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Of(Vector256<T> values, Vector256<T> from, Vector256<T> scale, Vector256<T> last)
    {
        var position = (values - from) * scale;
        // Comparisons take the zero for a NaN, which an infinity gives where the scale is 0.
        position = Vector256.ConditionalSelect(Vector256.GreaterThan(position, Vector256<T>.Zero), position, Vector256<T>.Zero);
        position = Vector256.ConditionalSelect(Vector256.LessThan(position, last), position, last);
        // Adding 2^23 to a float32 (2^52 to a float64) leaves the rounded number in the lowest bits.
        if (typeof(T) == typeof(float))
        {
            var single = position.AsSingle() + Vector256.Create((float)(1 << 23));
            return single.AsInt32() & Vector256.Create((1 << 23) - 1);
        }

        var bits = (position.AsDouble() + Vector256.Create((double)(1L << 52))).AsInt64() & Vector256.Create((1L << 52) - 1);
        return Vector256.Narrow(bits, Vector256<long>.Zero);
    }

    private static double ToDouble(T value) => double.CreateTruncating(value);
}
