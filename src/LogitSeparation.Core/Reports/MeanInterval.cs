using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace LogitSeparation.Core.Reports;

/// <summary>A mean over runs and its 95% t-interval; the ends are NaN where one run alone says nothing about others.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="Count">The number of runs.</param>
internal readonly record struct MeanInterval(double Mean, double Low, double High, int Count)
{
    private const double Upper = 0.975;

    /// <summary>Of values that stand for equal runs.</summary>
    /// <param name="values">At least one.</param>
    public static MeanInterval Of(IReadOnlyList<double> values)
    {
        var mean = values.Mean();
        if (values.Count < 2)
            return new(mean, double.NaN, double.NaN, values.Count);
        var half = StudentT.InvCDF(0, 1, values.Count - 1, Upper) * values.StandardDeviation() / Math.Sqrt(values.Count);
        return new(mean, mean - half, mean + half, values.Count);
    }
}
