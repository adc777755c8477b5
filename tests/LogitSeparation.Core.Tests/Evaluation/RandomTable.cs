using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Tests.Evaluation;

/// <summary>Small random tables, every second one full of ties: each seed gives one, always the same.</summary>
internal sealed class RandomTable
{
    private RandomTable(int n, int k, float[] values, int[] labels) => (Count, ClassCount, Values, Labels) = (n, k, values, labels);

    public int Count { get; }

    public int ClassCount { get; }

    public float[] Values { get; }

    public int[] Labels { get; }

    public static RandomTable FromSeed(int seed)
    {
        var random = new Random(seed);
        return Create(random, random.Next(1, 60), random.Next(1, 8));
    }

    public static RandomTable Create(Random random, int n, int k)
    {
        var hasTies = random.Next(2) == 0;
        var values = new float[n * k];
        for (var i = 0; i < values.Length; i++)
            values[i] = hasTies ? random.Next(-3, 4) / 2f : (float)(random.NextDouble() * 8 - 4);
        var labels = new int[n];
        for (var i = 0; i < n; i++)
        {
            labels[i] = random.Next(k);
            values[i * k + labels[i]] += hasTies ? random.Next(3) : 2;
        }

        return new RandomTable(n, k, values, labels);
    }

    public MemoryLogits ToSingle() => new(Values, Labels, Names(ClassCount));

    public MemoryLogits ToDouble() => ToDouble(z => z);

    public MemoryLogits ToDouble(Func<double, double> map) => new(Array.ConvertAll(Values, z => map(z)), Labels, Names(ClassCount));

    /// <summary>The same examples in another order.</summary>
    public MemoryLogits Shuffled(int seed)
    {
        var order = Enumerable.Range(0, Count).ToArray();
        new Random(seed).Shuffle(order);
        return new MemoryLogits(
            order.SelectMany(i => Values.AsSpan(i * ClassCount, ClassCount).ToArray()).ToArray(),
            Array.ConvertAll(order, i => Labels[i]), Names(ClassCount));
    }

    public static string[] Names(int k) => [.. Enumerable.Range(0, k).Select(j => $"c{j}")];
}
