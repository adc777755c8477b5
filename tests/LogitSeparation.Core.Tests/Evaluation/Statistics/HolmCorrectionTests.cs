using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation.Statistics;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation.Statistics;

public sealed class HolmCorrectionTests
{
    [Fact]
    public void Worked_example()
    {
        // The example of the article "Holm-Bonferroni method" in Wikipedia: of 0.01, 0.04, 0.03, 0.005 the first and last are rejected at
        // 0.05, the others not; R's p.adjust(…, "holm") gives 0.03, 0.06, 0.06, 0.02.
        var adjusted = HolmCorrection.Adjust([0.01, 0.04, 0.03, 0.005]);

        Assert.Equal([0.03, 0.06, 0.06, 0.02], adjusted.Select(p => Math.Round(p, 12)));
    }

    [Property]
    public void Rejections_are_those_of_the_sequential_procedure(int seed)
    {
        // Holm 1979: from the smallest on, reject while p_(i) is at most alpha / (m - i + 1).
        var random = new Random(seed);
        var p = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Math.Pow(random.NextDouble(), 4)).ToArray();
        const double alpha = 0.05;
        var order = Enumerable.Range(0, p.Length).OrderBy(i => p[i]).ToArray();
        var rejected = order.TakeWhile((i, rank) => Enumerable.Range(0, rank + 1).All(r => p[order[r]] <= alpha / (p.Length - r))).ToHashSet();

        var adjusted = HolmCorrection.Adjust(p);

        for (var i = 0; i < p.Length; i++)
        {
            Assert.Equal(rejected.Contains(i), adjusted[i] <= alpha);
            Assert.InRange(adjusted[i], p[i], Math.Min(1, p.Length * p[i]) + 1e-15);
        }
    }

    [Fact]
    public void Nothing_to_adjust_is_no_error() => Assert.Empty(HolmCorrection.Adjust([]));
}
