using LogitSeparation.Core.Data;

namespace LogitSeparation.Benchmarks;

/// <summary>Random bytes and labels in MNIST's sizes: the time of a step does not depend on what the pictures show.</summary>
internal static class RandomDataset
{
    public static Dataset Create(int trainCount = 60000)
    {
        var classNames = Enumerable.Range(0, 10).Select(j => j.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var train = CreateSplit(Split.Train, trainCount, seed: 1);
        var other = CreateSplit(Split.Test, 1000, seed: 2);
        return new(
            new("Random", null, "", 0, 0), classNames, [1, 28, 28], new(127.5, 73.9), train,
            new DataSplit(Split.Validation, new ByteExamples([], 784, []), null, 10), other);
    }

    private static DataSplit CreateSplit(Split name, int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * 784];
        random.NextBytes(pixels);
        return new(name, new ByteExamples(pixels, 784, Enumerable.Range(0, count).Select(_ => random.Next(10)).ToArray()), null, 10);
    }
}
