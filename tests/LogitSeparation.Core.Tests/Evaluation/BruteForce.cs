namespace LogitSeparation.Core.Tests.Evaluation;

/// <summary>The measures straight from their definitions, in O(n^2 k), to hold the fast ones against.</summary>
internal static class BruteForce
{
    /// <summary>Average precision, trapezoid and precision at a recall of one class, trying every score as a threshold.</summary>
    public static (double Ap, double Trapezoid, double PrecisionAtRecall) Curve(double[] scores, bool[] positive, double recall)
    {
        long count = positive.Count(p => p);
        double ap = 0, trapezoid = 0, best = 0, lastRecall = 0, lastPrecision = 1;
        foreach (var threshold in scores.Distinct().OrderDescending())
        {
            var selected = Enumerable.Range(0, scores.Length).Where(i => scores[i] >= threshold).ToList();
            var hits = selected.Count(i => positive[i]);
            var precision = hits / (double)selected.Count;
            var reached = hits / (double)count;
            ap += (reached - lastRecall) * precision;
            trapezoid += (reached - lastRecall) * (precision + lastPrecision) / 2;
            if (reached >= recall)
                best = Math.Max(best, precision);
            (lastRecall, lastPrecision) = (reached, precision);
        }

        return (ap, trapezoid, best);
    }

    /// <summary>All pairs of true and false logits, and those that violate Definition 2.1.</summary>
    public static List<(int TrueExample, int FalseExample, int FalseClass, double Difference)> Violations(double[] z, int[] labels, int k)
    {
        var pairs = new List<(int, int, int, double)>();
        for (var i = 0; i < labels.Length; i++)
        {
            for (var l = 0; l < labels.Length; l++)
            {
                for (var j = 0; j < k; j++)
                {
                    if (j != labels[l] && z[i * k + labels[i]] <= z[l * k + j])
                        pairs.Add((i, l, j, z[l * k + j] - z[i * k + labels[i]]));
                }
            }
        }

        return pairs;
    }

    /// <summary>The share of examples whose label is among the first columns, sorted by falling logit and then by column.</summary>
    public static double TopAccuracy(double[] z, int[] labels, int k, int top) => Enumerable.Range(0, labels.Length).Count(i =>
        Enumerable.Range(0, k).OrderByDescending(j => z[i * k + j]).ThenBy(j => j).Take(top).Contains(labels[i])) / (double)labels.Length;

    /// <summary>The share of examples with z_y > t >= every false logit, for the best of all t that are a logit or infinitely low.</summary>
    public static double UniformAccuracy(double[] z, int[] labels, int k) =>
        z.Append(double.NegativeInfinity).Distinct().Max(t => UniformAccuracyAt(z, labels, k, t));

    /// <summary>The share of examples with z_y > t >= every false logit.</summary>
    public static double UniformAccuracyAt(double[] z, int[] labels, int k, double t) => Enumerable.Range(0, labels.Length).Count(i =>
        Enumerable.Range(0, k).All(j => z[i * k + j] > t == (j == labels[i]))) / (double)labels.Length;

    /// <summary>The index of the largest, the first of equals.</summary>
    public static int ArgMax(ReadOnlySpan<double> row)
    {
        var best = 0;
        for (var j = 1; j < row.Length; j++)
            best = row[j] > row[best] ? j : best;
        return best;
    }
}
