using LogitSeparation.Core.Evaluation;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace LogitSeparation.Core.Tests.Evaluation.Statistics;

/// <summary>
/// Logits whose true measures are known as integrals: k equally frequent classes, all logits independent and normal with deviation 1,
/// false ones with mean 0 and true ones with mean d.
/// </summary>
internal sealed class GaussianPopulation(int k, double d)
{
    public double Auprc => GaussLegendreRule.Integrate(t => PrecisionAbove(t) * Normal.PDF(d, 1, t), d - 9, d + 9, 256);

    public double Accuracy => GaussLegendreRule.Integrate(t => Math.Pow(Normal.CDF(0, 1, t), k - 1) * Normal.PDF(d, 1, t), d - 9, d + 9, 256);

    /// <summary>Precision falls as recall rises, so the highest at a recall or above is the one at it.</summary>
    public double PrecisionAt(double recall) => PrecisionAbove(Normal.InvCDF(d, 1, 1 - recall));

    public MemoryLogits Sample(Random random, int perClass)
    {
        var labels = Enumerable.Range(0, k * perClass).Select(i => i % k).ToArray();
        var logits = new double[labels.Length * k];
        for (var i = 0; i < logits.Length; i++)
            logits[i] = Normal.Sample(random, labels[i / k] == i % k ? d : 0, 1);
        return new MemoryLogits(logits, labels, RandomTable.Names(k));
    }

    private double PrecisionAbove(double t)
    {
        var hits = 1 - Normal.CDF(d, 1, t);
        var falseAlarms = (k - 1) * (1 - Normal.CDF(0, 1, t));
        return hits + falseAlarms > 0 ? hits / (hits + falseAlarms) : 1;
    }
}
