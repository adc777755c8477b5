using System.Globalization;
using System.Numerics;
using FsCheck.Xunit;
using LogitSeparation.Core.Principle;
using Xunit;

namespace LogitSeparation.Core.Tests.Principle;

public sealed class EnclosureTests
{
    [Fact]
    public void Log_2_lies_strictly_within_its_bounds()
    {
        // 0.693147180559945309417232121458…, and the nearest double is below it by 2.3e-17.
        var log = Enclosure.Log(2);
        Assert.Equal(Math.Log(2), log.Value);
        Assert.True(log.Lower < Math.Log(2));
        Assert.True(log.Upper > Math.Log(2));
        Assert.InRange(log.Upper - log.Lower, 0, 1e-14);
    }

    [Fact]
    public void Bounds_hold_exact_sums_products_and_quotients()
    {
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var (a, b) = ((random.NextDouble() * 20) - 10, (random.NextDouble() * 5) + 0.1);
            AssertHolds((Enclosure)a + b, x => (Integer(x) - Integer(a) - Integer(b)).Sign);

            // One rounding of the exact difference keeps its sign.
            AssertHolds((Enclosure)a * b, x => -Math.Sign(Math.FusedMultiplyAdd(a, b, -x)));
            AssertHolds(a / (Enclosure)b, x => Math.Sign(Math.FusedMultiplyAdd(x, b, -a)));
        }
    }

    [Property(MaxTest = 300)]
    public void Log_of_one_plus_a_small_number_is_exact_to_many_digits(int seed)
    {
        var random = new Random(seed);
        var x = Math.Pow(10, -1 - (11 * random.NextDouble())) * (random.Next(2) == 0 ? 1 : -1);
        var exact = SeriesOfLogOnePlus(Exact(x));
        var enclosure = Enclosure.LogOnePlus((Enclosure)x);
        Assert.True(Exact(enclosure.Lower) <= exact + 1e-26m, $"{x}: {enclosure} above {exact}");
        Assert.True(Exact(enclosure.Upper) >= exact - 1e-26m, $"{x}: {enclosure} below {exact}");
        Assert.InRange((enclosure.Upper - enclosure.Lower) / Math.Abs(x), 0, 1e-10);
        Assert.Equal((double)exact, enclosure.Value, 1e-15 * Math.Abs(x));
    }

    [Fact]
    public void Signs_are_kept_apart()
    {
        var product = new Enclosure(-2, 1, 3) * new Enclosure(-5, 0, 1);
        Assert.True(product.Lower <= -15);
        Assert.True(product.Upper >= 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => (Enclosure)1 / new Enclosure(0, 1, 2));
        Assert.Equal(double.NegativeInfinity, Enclosure.Log(new(0, 1, 1)).Lower);
        Assert.Equal(-3, (-new Enclosure(1, 2, 3)).Lower);
    }

    /// <summary>A double with 28 decimal places; a cast would keep 15 digits.</summary>
    private static decimal Exact(double x) => decimal.Parse(x.ToString("F28", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>log(1 + x) = 2 (u + u³/3 + u⁵/5 + …), u = x / (2 + x), to some 27 digits.</summary>
    private static decimal SeriesOfLogOnePlus(decimal x)
    {
        var u = x / (2 + x);
        var (power, sum) = (u, 0m);
        for (var i = 1; i < 60; i += 2)
        {
            sum += power / i;
            power *= u * u;
        }

        return 2 * sum;
    }

    /// <param name="enclosure">The bounds.</param>
    /// <param name="compare">The sign of a number minus the exact one.</param>
    private static void AssertHolds(Enclosure enclosure, Func<double, int> compare)
    {
        Assert.True(compare(enclosure.Lower) <= 0);
        Assert.True(compare(enclosure.Upper) >= 0);
        Assert.InRange(enclosure.Upper - enclosure.Lower, 0, 4e-14);
    }

    /// <summary>A double of ordinary size in units of 2^-120, exactly.</summary>
    private static BigInteger Integer(double x) => (BigInteger)(x * Math.Pow(2, 120));
}
