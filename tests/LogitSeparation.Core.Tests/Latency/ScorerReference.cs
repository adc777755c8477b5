using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Latency;

namespace LogitSeparation.Core.Tests.Latency;

/// <summary>Plain loops in float64 over the weights of a method, written from its formula.</summary>
internal static class ScorerReference
{
    public static unsafe double[] Features(FeatureRows features, int example, int d) =>
        [.. Enumerable.Range(0, d).Select(f => (double)features[example][f])];

    public static double Logit(RowTable rows, int row, double[] x)
    {
        double sum = rows.Bias(row);
        for (var f = 0; f < rows.Width; f++)
            sum += rows.Weights(row)[f] * x[f];
        return sum;
    }

    public static double[] Logits(RowTable rows, double[] x) => [.. Enumerable.Range(0, rows.Count).Select(row => Logit(rows, row, x))];

    public static double LogSum(IReadOnlyList<double> logits)
    {
        var largest = logits.Max();
        return largest + Math.Log(logits.Sum(z => Math.Exp(z - largest)));
    }

    public static double[] LogSoftmax(IReadOnlyList<double> logits)
    {
        var sum = LogSum(logits);
        return [.. logits.Select(z => z - sum)];
    }

    public static double LogSigmoid(double z) => -Math.Log(1 + Math.Exp(-z));

    /// <summary>The scores of all classes for all examples: k x n.</summary>
    public static double[][] Scores(ClassScorer scorer, int classCount, FeatureRows features) => [.. Enumerable.Range(0, classCount).Select(j =>
    {
        var scores = new double[features.Count];
        scorer.Score(j, features, scores);
        return scores;
    })];
}
