using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Reads intervals from bootstrap replicates.</summary>
internal static class BootstrapInterval
{
    /// <summary>An interval for a measure of which replicates are at hand.</summary>
    /// <param name="value">The measured value.</param>
    /// <param name="replicates">B values of the resamples; sorted on return.</param>
    /// <param name="options">Level and method.</param>
    public static ConfidenceInterval From(double value, double[] replicates, BootstrapOptions options)
    {
        Array.Sort(replicates);
        var tail = (1 - options.ConfidenceLevel) / 2;
        var (lower, upper) = options.Method == BootstrapMethod.Percentile
            ? (Quantile(replicates, tail), Quantile(replicates, 1 - tail))
            : BiasCorrected(value, replicates, tail);
        return new(lower, upper, options.ConfidenceLevel);
    }

    private static (double Lower, double Upper) BiasCorrected(double value, double[] sorted, double tail)
    {
        int below = 0, equal = 0;
        foreach (var replicate in sorted)
        {
            below += replicate < value ? 1 : 0;
            equal += replicate == value ? 1 : 0;
        }

        // Replicates of counts have many equals: half of them lie below. No share may be 0 or 1, whose quantile is infinite.
        var share = Math.Clamp((below + equal / 2.0) / sorted.Length, 0.5 / sorted.Length, 1 - 0.5 / sorted.Length);
        var shift = 2 * Normal.InvCDF(0, 1, share);
        var reach = Normal.InvCDF(0, 1, 1 - tail);
        return (Quantile(sorted, Normal.CDF(0, 1, shift - reach)), Quantile(sorted, Normal.CDF(0, 1, shift + reach)));
    }

    /// <summary>The value at (B + 1) p of the sorted replicates, between two where it falls there.</summary>
    private static double Quantile(double[] sorted, double p) => SortedArrayStatistics.QuantileCustom(sorted, p, QuantileDefinition.R6);
}
