namespace LogitSeparation.Core;

/// <summary>
/// The generator SplitMix64 (G. Steele, D. Lea, C. Flood 2014, Fast splittable pseudorandom number generators): everything that
/// is drawn at random is drawn with it. Written out here because the draws are part of the meaning of every saved model, so no
/// library's next version may change them.
/// </summary>
/// <param name="seed">The state to start from.</param>
internal struct SplitMix64(ulong seed)
{
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private const int DoubleBits = 53;

    private ulong _state = seed;

    /// <summary>The generator's first number for a seed: neighbouring seeds give unrelated ones, and no two seeds the same.</summary>
    public static ulong Mix(ulong seed) => new SplitMix64(seed).Next();

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            _state += Increment;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number 0 … <paramref name="limit"/> - 1, each exactly as likely as every other.</summary>
    /// <param name="limit">Above 0.</param>
    /// <remarks>D. Lemire (2019), Fast random integer generation in an interval: the few products that would favour some are drawn again.</remarks>
    public int Next(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var range = (ulong)limit;
        var high = Math.BigMul(Next(), range, out var low);
        if (low < range)
        {
            var excess = unchecked(0 - range) % range;
            while (low < excess)
                high = Math.BigMul(Next(), range, out low);
        }

        return (int)high;
    }

    /// <summary>A multiple of 2⁻⁵³, 0 to less than 1, each equally likely.</summary>
    public double NextDouble() => (Next() >> (64 - DoubleBits)) * (1.0 / (1L << DoubleBits));
}
