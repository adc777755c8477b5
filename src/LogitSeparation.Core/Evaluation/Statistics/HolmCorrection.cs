namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>
/// Holm's correction for several tests (Holm 1979, A simple sequentially rejective multiple test procedure): the chance of any false
/// rejection stays below the level, whatever the tests have to do with one another.
/// </summary>
internal static class HolmCorrection
{
    /// <summary>Adjusts p-values: the i-th smallest of m times m - i + 1, never below its predecessor, at most 1.</summary>
    /// <param name="pValues">m p-values.</param>
    /// <returns>The adjusted ones, in the order given.</returns>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        var order = Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).ToArray();
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = largest;
        }

        return adjusted;
    }
}
