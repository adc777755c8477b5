namespace LogitSeparation.Core.Data;

/// <summary>
/// The generator SplitMix64 (G. Steele, D. Lea, C. Flood 2014, Fast splittable pseudorandom number generators). Written out
/// here because what is drawn with it is part of the meaning of every saved model, so no library's next version may change it.
/// </summary>
/// <param name="seed">The state to start from.</param>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number 0 … <paramref name="limit"/> - 1, each equally likely to within one part in 2³².</summary>
    public int Next(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
