using LogitSeparation.Core.Evaluation;
using MathNet.Numerics.Distributions;

namespace LogitSeparation.Core.Tests.Thresholds;

/// <summary>
/// Examples drawn independently from two classes, whose first logit is normal with deviation 1 and mean d or 0, rounded to multiples of
/// a step where there is one. What a threshold gives on all that could be drawn is known.
/// </summary>
internal sealed record DrawnScores(double Share, double Distance, double Step = 0)
{
    public MemoryLogits Draw(Random random, int count)
    {
        var labels = Enumerable.Range(0, count).Select(_ => random.NextDouble() < Share ? 0 : 1).ToArray();
        var logits = labels.SelectMany(label => new[] { Round(Normal.Sample(random, label == 0 ? Distance : 0, 1)), 0 }).ToArray();
        return new(logits, labels, ["asked", "other"]);
    }

    public double Recall(double threshold) => 1 - Normal.CDF(Distance, 1, Edge(threshold));

    public double Precision(double threshold, double? prevalence = null)
    {
        var share = prevalence ?? Share;
        var (right, wrong) = (share * Recall(threshold), (1 - share) * (1 - Normal.CDF(0, 1, Edge(threshold))));
        return right / (right + wrong);
    }

    private double Round(double value) => Step == 0 ? value : Math.Round(value / Step) * Step;

    // What is rounded to more than the threshold is more than half a step above the largest multiple that is not.
    private double Edge(double threshold) => Step == 0 ? threshold : (Math.Floor((threshold / Step) + 1e-9) + 0.5) * Step;
}
