using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Data;

/// <summary>
/// Synthetic examples, made by row whenever they are needed, so that neither very many examples nor very many classes need memory: the
/// centre of a class follows from the seed and the class, the noise of an example from the seed and its number.
/// </summary>
/// <param name="options">What they are made of.</param>
/// <param name="seed">Decides centres and noise.</param>
/// <param name="firstNumber">The number of the first example: training and test examples have different ones.</param>
/// <param name="count">How many.</param>
internal sealed class SyntheticExamples(SyntheticOptions options, int seed, long firstNumber, int count)
    : ExampleStore(options.Dimension, CreateLabels(options.ClassCount, count))
{
    private const int MostOnStack = 512;

    /// <inheritdoc/>
    public override ExampleType Type => ExampleType.Single;

    /// <inheritdoc/>
    public override bool IsInMemory => false;

    /// <summary>Known without measuring: over all classes each feature has mean 0 and variance r²/d + σ².</summary>
    public override PixelScaling Scaling =>
        new(0, Math.Sqrt((options.Separation * options.Separation / options.Dimension) + (options.Noise * options.Noise)));

    /// <inheritdoc/>
    public override void Read(int row, Span<byte> destination)
    {
        var d = options.Dimension;
        Span<double> centre = d <= MostOnStack ? stackalloc double[d] : new double[d];
        Span<double> noise = d <= MostOnStack ? stackalloc double[d] : new double[d];
        GaussianNumbers.Fill(StreamSeed.Derive(seed, StreamSeed.Centre, Labels[row]), centre);
        GaussianNumbers.Fill(StreamSeed.Derive(seed, StreamSeed.Example, firstNumber + row), noise);

        // A Gaussian direction is uniform on the sphere.
        var squares = 0.0;
        foreach (var value in centre)
            squares += value * value;
        var factor = options.Separation / Math.Sqrt(squares);
        var values = MemoryMarshal.Cast<byte, float>(destination);
        for (var i = 0; i < d; i++)
            values[i] = (float)((factor * centre[i]) + (options.Noise * noise[i]));
    }

    private static int[] CreateLabels(int classCount, int count)
    {
        var labels = new int[count];
        for (var i = 0; i < count; i++)
            labels[i] = i % classCount;
        return labels;
    }
}
