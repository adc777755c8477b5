using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>
/// The relative improvement that the paper quotes (section 6, "20%-35%"): (a - b) / a, with a and b one minus a measure of the
/// reference and of what is compared with it. Positive is better, 1 is perfect, 0 no change.
/// </summary>
internal static class RelativeImprovement
{
    /// <summary>The improvement from a to b; null where the reference is perfect.</summary>
    public static double? Of(double a, double b) => a > 0 ? (a - b) / a : null;

    /// <summary>
    /// Fieller's interval for 1 - mean(b) / mean(a) of pairs (Fieller 1954, Some problems in interval estimation), exact where pairs
    /// are normal. It leaves out 0 exactly where the paired t-test of a - b rejects at the same level.
    /// </summary>
    /// <param name="a">n errors of the reference.</param>
    /// <param name="b">n errors of what is compared with it.</param>
    /// <param name="level">The confidence level.</param>
    /// <returns>Null for fewer than two pairs, pairs without spread or any difference, or where a's mean is not clearly above 0, so that no bounded interval exists.</returns>
    public static ConfidenceInterval? Interval(IReadOnlyList<double> a, IReadOnlyList<double> b, double level)
    {
        var n = a.Count;
        if (n < 2 || (MeasureRounding.HaveNoSpread(a) && MeasureRounding.HaveNoSpread(b)) || Array.TrueForAll(MeasureRounding.Differences(a, b), d => d == 0))
            return null;
        var (meanA, meanB) = (a.Mean(), b.Mean());
        var t = StudentT.InvCDF(0, 1, n - 1, (1 + level) / 2);
        var unit = t * t / n;

        // The ratios R with |mean(b) - R mean(a)| at most t standard errors: between the roots of q R² - 2 h R + c.
        var q = meanA * meanA - unit * a.Variance();
        var h = meanA * meanB - unit * a.Covariance(b);
        var c = meanB * meanB - unit * b.Variance();
        var root = h * h - q * c;
        if (q <= 0 || root < 0)
            return null;
        var reach = Math.Sqrt(root);
        return new(1 - (h + reach) / q, 1 - (h - reach) / q, level);
    }
}
