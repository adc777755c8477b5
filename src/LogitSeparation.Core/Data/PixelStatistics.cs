namespace LogitSeparation.Core.Data;

/// <summary>Mean and standard deviation of bytes, from exact integer sums.</summary>
internal static class PixelStatistics
{
    /// <summary>The scaling that gives the examples of a split mean 0 and variance 1.</summary>
    /// <remarks>Where all bytes are equal the deviation is given as 1, so that every input becomes 0.</remarks>
    public static PixelScaling Measure(DataSplit split)
    {
        var counts = new long[byte.MaxValue + 1];
        for (var i = 0; i < split.Count; i++)
        {
            foreach (var value in split.Example(i))
                counts[value]++;
        }

        return FromCounts(counts);
    }

    private static PixelScaling FromCounts(long[] counts)
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
        return new PixelScaling((double)sum / (double)n, deviation > 0 ? deviation : 1);
    }
}
