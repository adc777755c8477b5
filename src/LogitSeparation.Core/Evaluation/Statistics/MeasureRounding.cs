namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>
/// How far measures that are equal may differ by rounding. One minus a measure has the rounding of the measure, whose size is about
/// 1, however small the rest is: 0.9 - 0.8 and 0.8 - 0.7 differ in the last bits.
/// </summary>
internal static class MeasureRounding
{
    /// <summary>The spacing of numbers just above 1.</summary>
    private const double Ulp = 1.0 / (1L << 52);

    /// <summary>A mean over classes of means over runs is off by a few; the smallest real difference is millions.</summary>
    private const int UlpCount = 16;

    /// <summary>Differences, where those within rounding of 0 are 0 and those within rounding of one another are equal.</summary>
    /// <param name="a">n errors.</param>
    /// <param name="b">n errors.</param>
    /// <returns>a - b; equal magnitudes are equal exactly.</returns>
    public static double[] Differences(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var tolerance = Tolerance(a, b);
        var differences = a.Zip(b, (x, y) => x - y).ToArray();
        var order = Enumerable.Range(0, differences.Length).OrderBy(i => Math.Abs(differences[i])).ToArray();
        double shared = 0, previous = 0;
        foreach (var i in order)
        {
            var magnitude = Math.Abs(differences[i]);
            shared = magnitude - previous <= tolerance ? shared : magnitude;
            previous = magnitude;
            differences[i] = Math.CopySign(shared, differences[i]);
        }

        return differences;
    }

    /// <summary>Whether values are the same but for rounding.</summary>
    /// <param name="values">The values.</param>
    public static bool HaveNoSpread(IReadOnlyList<double> values) => values.Max() - values.Min() <= Tolerance(values, values);

    private static double Tolerance(IReadOnlyList<double> a, IReadOnlyList<double> b) =>
        UlpCount * Ulp * a.Concat(b).Select(Math.Abs).Append(1).Max();
}
