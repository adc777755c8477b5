using LogitSeparation.Core.Data;

namespace LogitSeparation.Core.Tests.Training;

/// <summary>A data set that is learnt in moments: each class lights up its own pixels, over noise.</summary>
internal static class SmallDataset
{
    public static Dataset Create(int classCount = 4, int trainCount = 200, int validationCount = 40, int testCount = 60, double noise = 60)
    {
        var names = Enumerable.Range(0, classCount).Select(j => $"class {j}").ToArray();
        return new(
            new("Small", null, "none", 0, validationCount), names, [1, 4, 4], new(100, 60),
            CreateSplit(Split.Train, trainCount, 1), CreateSplit(Split.Validation, validationCount, 2), CreateSplit(Split.Test, testCount, 3));

        DataSplit CreateSplit(Split split, int count, int seed)
        {
            var random = new Random(seed);
            var labels = Enumerable.Range(0, count).Select(i => i % classCount).ToArray();
            var pixels = labels.SelectMany(label => Enumerable.Range(0, 16).Select(
                p => (byte)Math.Clamp((p % classCount == label ? 160 : 60) + (noise * ((2 * random.NextDouble()) - 1)), 0, 255))).ToArray();
            return new(split, new ByteExamples(pixels, 16, labels), null, classCount);
        }
    }
}
