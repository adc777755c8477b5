namespace LogitSeparation.Core.Data;

/// <summary>Normally distributed numbers (G. Box, M. Muller 1958, A note on the generation of random normal deviates).</summary>
internal static class GaussianNumbers
{
    /// <summary>Fills with independent numbers of mean 0 and variance 1, which depend on the seed alone.</summary>
    /// <param name="seed">The generator's seed.</param>
    /// <param name="target">Where they go.</param>
    public static void Fill(ulong seed, Span<double> target)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < target.Length; i += 2)
        {
            // 1 - u is above 0, so the logarithm is finite.
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            target[i] = radius * cosine;
            if (i + 1 < target.Length)
                target[i + 1] = radius * sine;
        }
    }
}
