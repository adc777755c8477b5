using LogitSeparation.Core.Data;

namespace LogitSeparation.Benchmarks;

/// <summary>Random bytes and labels: the time of a step does not depend on what the pictures show.</summary>
internal static class RandomDataset
{
    /// <summary>Makes a data set of ten classes.</summary>
    /// <param name="trainCount">The number of training examples.</param>
    /// <param name="shape">The shape of an example; that of MNIST's where left out.</param>
    public static Dataset Create(int trainCount = 60000, params int[] shape)
    {
        int[] sizes = shape.Length > 0 ? shape : [1, 28, 28];
        var length = sizes.Aggregate(1, (product, size) => product * size);
        var classNames = Enumerable.Range(0, 10).Select(j => j.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var train = CreateSplit(Split.Train, trainCount, length, seed: 1);
        var other = CreateSplit(Split.Test, 1000, length, seed: 2);
        return new(
            new("Random", null, "", 0, 0), classNames, sizes, new(127.5, 73.9), train,
            new DataSplit(Split.Validation, new ByteExamples([], length, []), null, 10), other);
    }

    private static DataSplit CreateSplit(Split name, int count, int length, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * length];
        random.NextBytes(pixels);
        return new(name, new ByteExamples(pixels, length, Enumerable.Range(0, count).Select(_ => random.Next(10)).ToArray()), null, 10);
    }
}
