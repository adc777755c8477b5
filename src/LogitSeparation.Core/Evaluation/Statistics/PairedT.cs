using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Student's paired t-test (Student 1908, The probable error of a mean).</summary>
internal static class PairedT
{
    /// <summary>Tests whether the mean of differences is 0, two-sided.</summary>
    /// <param name="differences">Finite differences.</param>
    /// <returns>Null where there are fewer than two, or all are the same: then there is no spread to judge by.</returns>
    public static PairedTest? Test(IReadOnlyList<double> differences)
    {
        if (differences.Count < 2 || differences.All(difference => difference == differences[0]))
            return null;
        var t = differences.Mean() / (differences.StandardDeviation() / Math.Sqrt(differences.Count));
        var p = 2 * StudentT.CDF(0, 1, differences.Count - 1, -Math.Abs(t));
        return new(TestKind.PairedT, t, differences.Count, Math.Min(1, p), IsExact: true);
    }
}
