using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace LogitSeparation.Core.Thresholds;

/// <summary>Exact bounds on a probability from independent trials (Clopper and Pearson 1934).</summary>
internal static class BinomialBound
{
    /// <summary>P(X ≥ successes) for X binomial: how likely so many are where the probability is no more than said.</summary>
    /// <param name="successes">0 … trials.</param>
    /// <param name="trials">The number of trials.</param>
    /// <param name="probability">In (0, 1).</param>
    public static double UpperTail(long successes, long trials, double probability) =>
        successes <= 0 ? 1 : SpecialFunctions.BetaRegularized(successes, trials - successes + 1, probability);

    /// <summary>The probability that is exceeded by the true one but for a chance of <paramref name="error"/>.</summary>
    /// <param name="successes">0 … trials.</param>
    /// <param name="trials">The number of trials.</param>
    /// <param name="error">In (0, 1).</param>
    public static double Lower(long successes, long trials, double error) => successes <= 0 ? 0
        : successes >= trials ? Math.Pow(error, 1.0 / trials)
        : Beta.InvCDF(successes, trials - successes + 1, error);

    /// <summary>The probability that exceeds the true one but for a chance of <paramref name="error"/>.</summary>
    /// <param name="successes">0 … trials.</param>
    /// <param name="trials">The number of trials.</param>
    /// <param name="error">In (0, 1).</param>
    public static double Upper(long successes, long trials, double error) => 1 - Lower(trials - successes, trials, error);

    /// <summary>The fewest trials, all of them successes, that show that a probability is above another; null where no number does.</summary>
    /// <param name="probability">The probability that is to be exceeded, above 0.</param>
    /// <param name="error">In (0, 1).</param>
    public static long? TrialsFor(double probability, double error)
    {
        if (probability >= 1)
            return null;
        var trials = Math.Max(1, (long)Math.Ceiling(Math.Log(error) / Math.Log(probability)));

        // The quotient of two rounded logarithms may be just above a whole number that it should be.
        return trials > 1 && Math.Pow(probability, trials - 1) <= error ? trials - 1 : trials;
    }
}
