using System.Globalization;
using System.Runtime.InteropServices;
using static System.FormattableString;

namespace LogitSeparation.Core.Data;

/// <summary>The data set that is made rather than read (<see cref="SyntheticOptions"/>), for work with very many classes.</summary>
internal static class SyntheticDataset
{
    public const string Name = "Synthetic";

    // What is larger is made anew whenever it is needed.
    private const long MostInMemory = 1L << 28;

    public static DatasetInfo Info { get; } = new(
        Name, "Gaussian classes on a sphere, made to measure: -ClassCount, -Dimension, -Separation, -Noise", new SyntheticOptions().ClassCount,
        new[] { new SyntheticOptions().Dimension }, new SyntheticOptions().TrainRows, new SyntheticOptions().TestRows,
        IsAvailable: true, Location: "generated", Problem: null, License: null, Source: null);

    public static Dataset Open(DatasetRequest request)
    {
        var options = request.Synthetic ?? new();
        options = options with { TestCount = options.TestCount ?? request.TestCount };
        options.Validate();
        var train = new SyntheticExamples(options, request.Seed, firstNumber: 0, options.TrainRows);
        var test = new SyntheticExamples(options, request.Seed, firstNumber: options.TrainRows, options.TestRows);
        var names = new string[options.ClassCount];
        for (var c = 0; c < names.Length; c++)
            names[c] = c.ToString(CultureInfo.InvariantCulture);
        string[] description =
        [
            Invariant($"{Name} 1"), Invariant($"{options.ClassCount} {options.Dimension} {options.Separation:r} {options.Noise:r}"),
            Invariant($"{options.TrainRows} {options.TestRows} {request.Seed}"),
        ];
        var identity = new DatasetIdentity(Name, Path: null, DatasetChecksum.Compute(description, []), request.Seed, ValidationCount: 0)
        {
            Synthetic = options,
        };
        return DatasetAssembly.Assemble(
            identity, request with { TestCount = null }, new(names, [options.Dimension], Hold(train), Hold(test)), Name);
    }

    private static ExampleStore Hold(SyntheticExamples examples)
    {
        if ((long)examples.Count * examples.ByteLength > MostInMemory)
            return examples;
        var values = new float[examples.Count * examples.ExampleLength];
        var length = examples.ExampleLength;
        Parallel.For(0, examples.Count, row => examples.Read(
            row, MemoryMarshal.AsBytes(values.AsSpan(row * length, length))));
        return new FloatExamples(values, length, examples.Labels) { KnownScaling = examples.Scaling };
    }
}
