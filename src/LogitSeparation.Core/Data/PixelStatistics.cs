using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Data;

/// <summary>Mean and standard deviation of the numbers of a split: of bytes from exact integer sums, of floats in double.</summary>
internal static class PixelStatistics
{
    private const int PictureRank = 3;

    /// <summary>The scaling that gives the examples of a split mean 0 and variance 1, channel by channel or feature by feature.</summary>
    /// <param name="split">The examples.</param>
    /// <param name="shape">Their shape.</param>
    /// <remarks>Where all numbers are equal the deviation is given as 1, so that every input becomes 0.</remarks>
    public static PixelScaling Measure(DataSplit split, IReadOnlyList<int> shape) => split.Store.Scaling
        ?? (split.Store.Type == ExampleType.Byte
            ? MeasureBytes(split, shape.Count == PictureRank ? shape[0] : 1)
            : MeasureFloats(split, shape[0]));

    private static PixelScaling MeasureBytes(DataSplit split, int runs)
    {
        var counts = new long[runs][];
        for (var run = 0; run < runs; run++)
            counts[run] = new long[byte.MaxValue + 1];
        var example = new byte[split.ExampleLength];
        var length = example.Length / runs;
        for (var i = 0; i < split.Count; i++)
        {
            split.Read(i, example);
            for (var run = 0; run < runs; run++)
                Count(example.AsSpan(run * length, length), counts[run]);
        }

        var all = Array.ConvertAll(counts, FromCounts);
        return new(Array.ConvertAll(all, one => one.Mean), Array.ConvertAll(all, one => one.Deviation));
    }

    private static void Count(ReadOnlySpan<byte> values, long[] counts)
    {
        foreach (var value in values)
            counts[value]++;
    }

    private static (double Mean, double Deviation) FromCounts(long[] counts)
    {
        UInt128 n = 0, sum = 0, squares = 0;
        for (var value = 0u; value < counts.Length; value++)
        {
            var count = (ulong)counts[value];
            n += count;
            sum += count * value;
            squares += count * value * value;
        }

        // n² times the variance: an integer below 2^78, so nothing cancels in floating point.
        var scaledVariance = (n * squares) - (sum * sum);
        var deviation = Math.Sqrt((double)scaledVariance) / (double)n;
        return ((double)sum / (double)n, deviation > 0 ? deviation : 1);
    }

    // Two passes, so that a large mean does not cancel the variance.
    private static PixelScaling MeasureFloats(DataSplit split, int runs)
    {
        var (mean, deviation) = (new double[runs], new double[runs]);
        var n = (double)split.Count * (split.ExampleLength / runs);
        Sum(split, mean, (value, _) => value);
        for (var run = 0; run < runs; run++)
            mean[run] /= n;
        Sum(split, deviation, (value, run) => (value - mean[run]) * (value - mean[run]));
        for (var run = 0; run < runs; run++)
            deviation[run] = deviation[run] > 0 ? Math.Sqrt(deviation[run] / n) : 1;
        return new(mean, deviation);
    }

    private static void Sum(DataSplit split, double[] sums, Func<double, int, double> term)
    {
        var raw = new byte[split.Store.ByteLength];
        var example = MemoryMarshal.Cast<byte, float>(raw);
        var length = example.Length / sums.Length;
        for (var i = 0; i < split.Count; i++)
        {
            split.Read(i, raw);
            for (var j = 0; j < example.Length; j++)
                sums[j / length] += term(example[j], j / length);
        }
    }
}
