using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests;

public sealed class SplitMix64Tests
{
    /// <summary>
    /// Seed 1234567: the vector of Rosetta Code, "Pseudo-random numbers/Splitmix64". Seed 0: what S. Vigna's splitmix64.c
    /// (https://prng.di.unimi.it/splitmix64.c) gives, with which he starts his other generators.
    /// </summary>
    public static TheoryData<ulong, ulong[]> Published => new()
    {
        { 1234567, [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821] },
        { 0, [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC, 0x1B39896A51A8749B] },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void The_numbers_are_those_of_the_published_algorithm(ulong seed, ulong[] expected)
    {
        var random = new SplitMix64(seed);
        Assert.Equal(expected, expected.Select(_ => random.Next()).ToArray());
        Assert.Equal(expected[0], SplitMix64.Mix(seed));
    }

    // Here and below: the same algorithms in another language, over the vectors above.
    [Fact]
    public void Fractions_and_limited_numbers_come_from_the_upper_bits()
    {
        var random = new SplitMix64(1234567);
        Assert.Equal([0.3500795420214081, 0.17364409667091263, 0.5322073040624192], Enumerable.Range(0, 3).Select(_ => random.NextDouble()));
        random = new SplitMix64(1234567);
        Assert.Equal([3, 1, 5, 2, 8, 4, 5, 2, 4, 8, 4, 4], Enumerable.Range(0, 12).Select(_ => random.Next(10)));
    }

    [Fact]
    public void A_number_that_would_favour_some_is_drawn_again()
    {
        // From this state the first 64 bits are all 0, the one product of 3 that is surplus: the next are those of seed 0.
        var random = new SplitMix64(unchecked(0 - 0x9E3779B97F4A7C15));
        Assert.Equal(2, random.Next(3));
        Assert.Equal(0x6E789E6AA1B965F4u, random.Next());
    }

    [Fact]
    public void A_limit_of_nothing_is_refused()
    {
        var random = new SplitMix64(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(0));
    }

    [Fact]
    public void What_a_seed_draws_never_changes()
    {
        // A saved model names its seed, and these draws are what the name means.
        using var order = new BatchOrder(10, 2, seed: 7, TestDevice.Open());
        Assert.Equal([2, 9, 1, 4, 6, 0, 8, 5, 3, 7], order.Permutation(0));
        Assert.Equal([7, 6, 1, 5, 3, 2, 8, 4, 9, 0], order.Permutation(3));
        Assert.Equal([2, 0, 0, 6, 3, 5, 2, 6], NoiseDistribution.Uniform(10).Draw(8, seed: 7, step: 11));
        Assert.Equal([0, 0, 0, 1, 0, 1, 0, 1], NoiseDistribution.FromCounts([2, 1, 1]).Draw(8, seed: 7, step: 11));
        Assert.Equal([0.211213156580925f, 0.026077471673488617f, 0.2068333923816681f, -0.027999497950077057f], InitialWeights.Uniform(2, 4, seed: 7, layer: 2)()[..4]);
        Assert.Equal([0, 3, 7], StratifiedSplit.Split(new int[10], 1, 3, seed: 5).Held);
        Assert.Equal(10705738211186751225, StreamSeed.Derive(0, StreamSeed.Weights, 0));
        Assert.Equal(7287771700675727996u, StreamSeed.Derive(-5, StreamSeed.Noise, 10_000_000_000));
    }
}
