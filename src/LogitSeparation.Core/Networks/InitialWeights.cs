namespace LogitSeparation.Core.Networks;

/// <summary>Initial values of parameters; the same on every device and platform. Made when memory is taken for them.</summary>
internal static class InitialWeights
{
    /// <summary>
    /// Uniform in ±1/√inputs, so that a unit's value has about the spread of its inputs whatever their number (the range that
    /// libtorch's linear layers start from). The paper leaves it open; batch normalisation makes the trunk insensitive to it.
    /// </summary>
    /// <param name="units">Rows.</param>
    /// <param name="inputs">Columns.</param>
    /// <param name="seed">The seed of the training.</param>
    /// <param name="layer">Which layer, so that no two have the same numbers.</param>
    public static Func<float[]> Uniform(int units, int inputs, int seed, int layer) => () =>
    {
        var random = new SplitMix64(StreamSeed.Derive(seed, StreamSeed.Weights, layer));
        var bound = 1 / Math.Sqrt(inputs);
        var values = new float[checked(units * inputs)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(((2 * random.NextDouble()) - 1) * bound);
        return values;
    };

    /// <summary>The same number throughout.</summary>
    public static Func<float[]> Constant(int count, float value) => () =>
    {
        var values = new float[count];
        Array.Fill(values, value);
        return values;
    };
}
