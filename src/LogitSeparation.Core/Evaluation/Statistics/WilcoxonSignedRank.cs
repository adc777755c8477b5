using MathNet.Numerics.Distributions;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>
/// Wilcoxon's signed-rank test (Wilcoxon 1945, Individual comparisons by ranking methods): differences of 0 are left out, equal ones
/// share the mean of their ranks. The p-value is that of the exact distribution of the ranks at hand, ties included, where every sign
/// is equally likely; above <see cref="MostExactPairs"/> pairs the normal approximation, corrected for ties and continuity.
/// </summary>
internal static class WilcoxonSignedRank
{
    /// <summary>The exact distribution takes n³ steps.</summary>
    public const int MostExactPairs = 200;

    /// <summary>Tests whether differences are symmetric about 0, two-sided.</summary>
    /// <param name="differences">Finite differences.</param>
    /// <returns>Null where none differs from 0.</returns>
    public static PairedTest? Test(IReadOnlyList<double> differences)
    {
        var nonzero = differences.Where(difference => difference != 0).ToArray();
        if (nonzero.Length == 0)
            return null;
        var doubledRanks = DoubledRanks(nonzero);
        var doubled = nonzero.Zip(doubledRanks, (difference, rank) => difference > 0 ? rank : 0L).Sum();
        var isExact = nonzero.Length <= MostExactPairs;
        var p = isExact ? ExactP(doubledRanks, doubled) : NormalP(doubledRanks, doubled);
        return new(TestKind.Wilcoxon, doubled / 2.0, nonzero.Length, p, isExact);
    }

    /// <summary>The smallest two-sided p-value that a number of pairs can give: all differences of one sign.</summary>
    /// <param name="pairs">The number of pairs.</param>
    public static double SmallestP(int pairs) => Math.Min(1, Math.Pow(2, 1 - pairs));

    /// <summary>Twice the ranks of the magnitudes, from 2: whole numbers even where ranks are shared.</summary>
    private static int[] DoubledRanks(double[] differences)
    {
        var magnitudes = Array.ConvertAll(differences, Math.Abs);
        var order = Enumerable.Range(0, magnitudes.Length).ToArray();
        Array.Sort((double[])magnitudes.Clone(), order);
        var ranks = new int[order.Length];
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && magnitudes[order[end]] == magnitudes[order[start]]; end++)
            {
            }

            for (var i = start; i < end; i++)
                ranks[order[i]] = start + 1 + end;
        }

        return ranks;
    }

    private static double ExactP(int[] doubledRanks, long doubled)
    {
        // The distribution of the sum of those ranks whose coin falls heads, one rank after the other.
        var probability = new double[doubledRanks.Sum() + 1];
        probability[0] = 1;
        var reach = 0;
        foreach (var rank in doubledRanks)
        {
            reach += rank;
            for (var sum = reach; sum >= 0; sum--)
                probability[sum] = (probability[sum] + (sum >= rank ? probability[sum - rank] : 0)) / 2;
        }

        var tail = (int)Math.Min(doubled, probability.Length - 1 - doubled);
        return Math.Min(1, 2 * probability.Take(tail + 1).Sum());
    }

    private static double NormalP(int[] doubledRanks, long doubled)
    {
        // Var = sum of r² / 4 holds with shared ranks too.
        var total = doubledRanks.Sum(rank => (double)rank) / 2;
        var variance = doubledRanks.Sum(rank => (double)rank * rank) / 16;
        var distance = Math.Max(0, Math.Abs(doubled / 2.0 - total / 2) - 0.5);
        return Math.Min(1, 2 * Normal.CDF(0, 1, -distance / Math.Sqrt(variance)));
    }
}
