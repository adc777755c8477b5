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

    /// <summary>About how many trials would show that a probability is above another; null where no number does.</summary>
    /// <param name="share">The share of successes that there will be.</param>
    /// <param name="probability">The probability that is to be exceeded, below 1.</param>
    /// <param name="error">In (0, 1).</param>
    public static long? TrialsFor(double share, double probability, double error)
    {
        if (share <= probability)
            return null;
        bool Shows(long trials) => UpperTail((long)Math.Round(share * trials), trials, probability) <= error;
        var most = 1L;
        while (!Shows(most))
        {
            most *= 2;
            if (most > 1L << 50)
                return null;
        }

        var least = most / 2;
        while (most - least > 1)
        {
            var middle = (least + most) / 2;
            (least, most) = Shows(middle) ? (least, middle) : (middle, most);
        }

        return most;
    }
}
