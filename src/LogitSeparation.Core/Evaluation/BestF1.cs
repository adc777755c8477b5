using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>The highest F1 of any threshold of a class, 2 TP / (2 TP + FP + FN), and the threshold.</summary>
/// <param name="Value">The F1.</param>
/// <param name="Threshold">The threshold t of the test z > t.</param>
internal readonly record struct BestF1(double Value, double Threshold)
{
    /// <summary>
    /// Tries the thresholds just below each positive: another one selects more negatives and no more positives. Among equals the
    /// higher precision wins, then the higher threshold.
    /// </summary>
    /// <param name="u">D distinct scores of positives, rising.</param>
    /// <param name="multiplicities">The number of positives at each.</param>
    /// <param name="counts">2 D + 1 counts of the negatives (see <see cref="GapCounts{T}"/>).</param>
    /// <param name="highestBelow">The highest negative below each positive and not below the one before.</param>
    /// <returns>Null where every positive is negative infinity, which no threshold selects.</returns>
    public static BestF1? Find<T>(ReadOnlySpan<T> u, ReadOnlySpan<int> multiplicities, ReadOnlySpan<int> counts, ReadOnlySpan<T> highestBelow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long positives = 0, truePositives = 0, selected = 0;
        foreach (var multiplicity in multiplicities)
            positives += multiplicity;
        var (best, bestF1, bestPrecision) = (-1, 0.0, 0.0);
        for (var d = u.Length - 1; d >= 0 && !T.IsNegativeInfinity(u[d]); d--)
        {
            truePositives += multiplicities[d];
            selected += multiplicities[d] + counts[2 * d + 2] + counts[2 * d + 1];
            var f1 = 2.0 * truePositives / (selected + positives);
            var precision = truePositives / (double)selected;
            if (best < 0 || (f1, precision).CompareTo((bestF1, bestPrecision)) > 0)
                (best, bestF1, bestPrecision) = (d, f1, precision);
        }

        if (best < 0)
            return null;
        var below = highestBelow[best];
        if (best > 0 && u[best - 1] > below)
            below = u[best - 1];
        return new BestF1(bestF1, Midpoint.Between(double.CreateChecked(below), double.CreateChecked(u[best])));
    }
}
