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

    // A tail of low logits crowds the first interval, where whole vectors of values lie below all logits and others do not.
    [Property(MaxTest = 300)]
    public void Sums_of_counts_are_exact_where_intervals_are_crowded(int seed)
    {
        var random = new Random(seed);
        var logits = Enumerable.Range(0, random.Next(20, 600))
            .Select(_ => random.Next(6) == 0 ? Coarse(-6 + random.NextSingle()) : Coarse(10 + random.NextSingle())).ToArray();
        var values = Enumerable.Range(0, random.Next(600))
            .Select(_ => random.Next(4) switch { 0 => Coarse(-6 + random.NextSingle()), 1 => Coarse(10 + random.NextSingle()), _ => -20 + 15 * random.NextSingle() }).ToArray();
        if (random.Next(2) == 0)
            Array.Sort(values);

        var expected = values.Sum(value => (long)logits.Count(z => z <= value));
        Assert.Equal(expected, new SortedLogits<float>(logits).SumCountsUpTo(values));
        Assert.Equal(expected, new SortedLogits<double>(Array.ConvertAll(logits, z => (double)z)).SumCountsUpTo(Array.ConvertAll(values, z => (double)z)));

        // Ties in every second table.
        float Coarse(float value) => seed % 2 == 0 ? MathF.Round(value * 20) / 20 : value;
    }
}
