namespace LogitSeparation.Core.Principle;

/// <summary>
/// A real number known to lie between two floating-point numbers: interval arithmetic with outward rounding, so that a bound
/// computed here is proved. Sums, products, quotients and square roots are rounded to nearest (IEEE 754), so that the neighbouring
/// number bounds the exact result. Logarithms and exponentials of the platform are off by less than one unit in the last place in the
/// libraries that .NET calls; four are allowed for.
/// </summary>
/// <param name="Lower">Not above the number.</param>
/// <param name="Value">What plain double arithmetic gives.</param>
/// <param name="Upper">Not below the number.</param>
internal readonly record struct Enclosure(double Lower, double Value, double Upper)
{
    private const int FunctionUlps = 4;

    /// <summary>
    /// Below this size the series of <see cref="LogOnePlus(Enclosure)"/> is more exact than a logarithm of a rounded sum.
    /// </summary>
    private const double SmallArgument = 1e-4;

    /// <summary>The double itself, exactly.</summary>
    public static implicit operator Enclosure(double value) => new(value, value, value);

    public static Enclosure operator -(Enclosure a) => new(-a.Upper, -a.Value, -a.Lower);

    public static Enclosure operator +(Enclosure a, Enclosure b) => Outward(a.Lower + b.Lower, a.Value + b.Value, a.Upper + b.Upper);

    public static Enclosure operator -(Enclosure a, Enclosure b) => a + (-b);

    public static Enclosure operator *(Enclosure a, Enclosure b)
    {
        var (p, q, r, s) = (a.Lower * b.Lower, a.Lower * b.Upper, a.Upper * b.Lower, a.Upper * b.Upper);
        return Outward(Math.Min(Math.Min(p, q), Math.Min(r, s)), a.Value * b.Value, Math.Max(Math.Max(p, q), Math.Max(r, s)));
    }

    /// <summary>a / b, where b is above 0.</summary>
    public static Enclosure operator /(Enclosure a, Enclosure b)
    {
        if (!(b.Lower > 0))
            throw new ArgumentOutOfRangeException(nameof(b), b.Lower, "A divisor has to be above 0.");
        var lower = Math.Min(a.Lower / b.Lower, a.Lower / b.Upper);
        var upper = Math.Max(a.Upper / b.Lower, a.Upper / b.Upper);
        return Outward(lower, a.Value / b.Value, upper);
    }

    /// <summary>The square root of a number that is not below 0.</summary>
    public static Enclosure Sqrt(Enclosure a) => Outward(Math.Sqrt(Math.Max(0, a.Lower)), Math.Sqrt(a.Value), Math.Sqrt(a.Upper));

    /// <summary>e^a.</summary>
    public static Enclosure Exp(Enclosure a) =>
        new(Math.Max(0, Down(Math.Exp(a.Lower), FunctionUlps)), Math.Exp(a.Value), Up(Math.Exp(a.Upper), FunctionUlps));

    /// <summary>log a of a number above 0; where rounding lets it reach 0, the lower bound is negative infinity.</summary>
    public static Enclosure Log(Enclosure a) => new(
        a.Lower > 0 ? Down(Math.Log(a.Lower), FunctionUlps) : double.NegativeInfinity, Math.Log(a.Value), Up(Math.Log(a.Upper), FunctionUlps));

    /// <summary>log(1 + a), a above -1, exact to many digits for small a too.</summary>
    public static Enclosure LogOnePlus(Enclosure a) => new(LogOnePlusBounds(a.Lower).Lower, LogOnePlus(a.Value), LogOnePlusBounds(a.Upper).Upper);

    /// <summary>The smaller of two numbers.</summary>
    public static Enclosure Min(Enclosure a, Enclosure b) =>
        new(Math.Min(a.Lower, b.Lower), Math.Min(a.Value, b.Value), Math.Min(a.Upper, b.Upper));

    /// <summary>log(1 + x) in double; the quotient takes the rounding of 1 + x out again.</summary>
    public static double LogOnePlus(double x)
    {
        var d = 1 + x;
        return d == 1 || double.IsInfinity(d) ? x : Math.Log(d) * (x / (d - 1));
    }

    /// <summary>What is proved where the number is only bounded from below: the lower bound stands for the value.</summary>
    public Enclosure AsLowerBound() => this with { Value = Lower };

    private static Enclosure LogOnePlusBounds(double x)
    {
        if (!(Math.Abs(x) < SmallArgument))
            return Log((Enclosure)1 + x);

        // What is left out of the series is below x^4 / 4 / (1 - |x|).
        Enclosure a = x;
        var series = a - (a * a / 2) + (a * a * a / 3);
        var rest = (a * a * a * a).Upper;
        return new(Math.BitDecrement(series.Lower - rest), series.Value, Math.BitIncrement(series.Upper + rest));
    }

    private static Enclosure Outward(double lower, double value, double upper) =>
        new(Math.BitDecrement(lower), value, Math.BitIncrement(upper));

    private static double Down(double x, int ulps)
    {
        for (var i = 0; i < ulps; i++)
            x = Math.BitDecrement(x);
        return x;
    }

    private static double Up(double x, int ulps) => -Down(-x, ulps);
}
