using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Reads intervals from bootstrap replicates.</summary>
internal static class BootstrapInterval
{
    /// <summary>
    /// An interval for a measure of which replicates are at hand; null where, by the method that corrects their bias, nearly all of them
    /// lie on one side of the measured value: resampling does not imitate sampling then, and its interval would leave the value out.
    /// That is so of precision at a recall that nearly every positive is needed for.
    /// </summary>
    /// <param name="value">The measured value.</param>
    /// <param name="replicates">B values of the resamples; sorted on return.</param>
    /// <param name="options">Level and method.</param>
    public static ConfidenceInterval? From(double value, double[] replicates, BootstrapOptions options)
    {
        Array.Sort(replicates);
        var tail = (1 - options.ConfidenceLevel) / 2;
        var ends = options.Method == BootstrapMethod.Percentile
            ? (Quantile(replicates, tail), Quantile(replicates, 1 - tail))
            : BiasCorrected(value, replicates, tail);
        return ends is { } found ? new(found.Lower, found.Upper, options.ConfidenceLevel) : null;
    }

    private static (double Lower, double Upper)? BiasCorrected(double value, double[] sorted, double tail)
    {
        int below = 0, equal = 0;
        foreach (var replicate in sorted)
        {
            below += replicate < value ? 1 : 0;
            equal += replicate == value ? 1 : 0;
        }

        // Replicates of counts have many equals: half of them lie below.
        var share = (below + equal / 2.0) / sorted.Length;
        if (share < tail || share > 1 - tail)
            return null;
        share = Math.Clamp(share, 0.5 / sorted.Length, 1 - 0.5 / sorted.Length);
        var shift = 2 * Normal.InvCDF(0, 1, share);
        var reach = Normal.InvCDF(0, 1, 1 - tail);
        return (Quantile(sorted, Normal.CDF(0, 1, shift - reach)), Quantile(sorted, Normal.CDF(0, 1, shift + reach)));
    }

    /// <summary>The value at (B + 1) p of the sorted replicates, between two where it falls there.</summary>
    private static double Quantile(double[] sorted, double p) => SortedArrayStatistics.QuantileCustom(sorted, p, QuantileDefinition.R6);
}
