using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

public sealed class SortedLogitsTests
{
    [Property]
    public void Counts_are_exact_whatever_the_values(double[] values, double[] asked)
    {
        var logits = values.Where(z => !double.IsNaN(z)).Append(0).ToArray();
        var sorted = new SortedLogits<double>(logits);

        Assert.Equal(logits.Min(), sorted.Smallest);
        foreach (var value in asked.Concat(logits).Where(z => !double.IsNaN(z)))
            Assert.Equal(logits.Count(z => z <= value), sorted.CountUpTo(value));
    }

    [Property]
    public void Counts_are_exact_near_the_borders_of_intervals(int seed)
    {
        var random = new Random(seed);
        var logits = Enumerable.Range(0, 300).Select(_ => random.Next(8) == 0 ? random.Next(100) : random.NextSingle() * 100).ToArray();
        var sorted = new SortedLogits<float>(logits);

        foreach (var value in logits.Concat(Enumerable.Range(0, 257).Select(i => i * 100f / 256)))
        {
            foreach (var near in new[] { MathF.BitDecrement(value), value, MathF.BitIncrement(value) })
                Assert.Equal(logits.Count(z => z <= near), sorted.CountUpTo(near));
        }
    }
}
