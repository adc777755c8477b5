using LogitSeparation.Core.Data;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

public sealed class SplitMix64Tests
{
    // The well-known test vector of seed 1234567, and the same from another program.
    [Fact]
    public void The_numbers_are_those_of_the_published_algorithm()
    {
        var random = new SplitMix64(1234567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(expected, expected.Select(_ => random.Next()).ToArray());
    }
}
