namespace LogitSeparation.Core.Principle;

/// <summary>
/// The minimum of the function F of <see cref="BatchCrossEntropySample"/>, by Newton's method (F is strictly convex), and the bound
/// that its dual proves.
/// </summary>
internal sealed class BatchCrossEntropyMinimum
{
    private const int MostSteps = 200;

    private readonly int _m;
    private readonly double _one;
    private readonly double _both;
    private readonly Enclosure _pull;

    /// <summary>Finds it.</summary>
    /// <param name="m">2 or more.</param>
    /// <param name="n">More than m.</param>
    public BatchCrossEntropyMinimum(int m, int n)
    {
        (_m, _one, _both, _pull) = (m, n - m, m - 1, (Enclosure)(n - 1) / m);
        (Sigma, Pi) = (-Math.Log(2), 0);
        for (var step = 0; step < MostSteps && Descend(); step++)
        {
            // Each step is a smaller F; the last is as small as double can tell.
        }
    }

    /// <summary>The tied logit, σ.</summary>
    public double Sigma { get; private set; }

    /// <summary>The true logit of the example with the tied false one, π.</summary>
    public double Pi { get; private set; }

    /// <summary>F there.</summary>
    public Enclosure Value => F(Sigma, Pi);

    /// <summary>
    /// A number that F is nowhere below: the dual at the shares of the minimum, with two of them set so that σ and π cancel exactly.
    /// </summary>
    public Enclosure LowerBound()
    {
        var at = new Shares(Sigma, Pi, _m);
        Enclosure bothFirst = at.BothFirst;
        var bothSecond = _m == 2 ? 1 - bothFirst : at.BothSecond;
        Enclosure secondTie = at.SecondTie;
        var second = (_pull - (_both * bothSecond)) / _one;
        var first = ((_pull - (_both * bothFirst)) / _one) - secondTie;
        var sum = _one * (Gibbs(first, 1) + Gibbs(1 - first, _m - 1));
        sum += _one * (Gibbs(second, 1) + Gibbs(secondTie, 1) + Gibbs(1 - second - secondTie, _m - 1));
        sum += _both * (Gibbs(bothFirst, 2) + Gibbs(bothSecond, 1));
        return _m == 2 ? sum : sum + (_both * Gibbs(1 - bothFirst - bothSecond, _m - 2));
    }

    /// <summary>λ log(w / (m λ)): proved only for shares that are surely above 0.</summary>
    private Enclosure Gibbs(Enclosure share, int weight) => share * Enclosure.Log(weight / (_m * share));

    private Enclosure F(Enclosure sigma, Enclosure pi)
    {
        var (s, p) = (Enclosure.Exp(sigma), Enclosure.Exp(pi));
        return (_one * Enclosure.LogOnePlus((s - 1) / _m))
            + (_one * Enclosure.LogOnePlus((p + s - 1) / _m))
            + (_both * Enclosure.LogOnePlus(((2 * s) + p - 2) / _m))
            - (_pull * (sigma + pi));
    }

    /// <summary>One step of Newton's method, halved until F falls.</summary>
    private bool Descend()
    {
        var at = new Shares(Sigma, Pi, _m);
        var slopeSigma = (_one * (at.First + at.SecondTie)) + (_both * at.BothFirst) - _pull.Value;
        var slopePi = (_one * at.Second) + (_both * at.BothSecond) - _pull.Value;
        var a = (_one * ((at.First * (1 - at.First)) + (at.SecondTie * (1 - at.SecondTie)))) + (_both * at.BothFirst * (1 - at.BothFirst));
        var b = -((_one * at.SecondTie * at.Second) + (_both * at.BothFirst * at.BothSecond));
        var c = (_one * at.Second * (1 - at.Second)) + (_both * at.BothSecond * (1 - at.BothSecond));
        var determinant = (a * c) - (b * b);
        var (moveSigma, movePi) = (((b * slopePi) - (c * slopeSigma)) / determinant, ((b * slopeSigma) - (a * slopePi)) / determinant);
        var before = Value.Value;
        for (var length = 1.0; length > 1e-9; length /= 2)
        {
            var (sigma, pi) = (Sigma + (length * moveSigma), Pi + (length * movePi));
            if (!(F(sigma, pi).Value < before))
                continue;
            (Sigma, Pi) = (sigma, pi);
            return true;
        }

        return false;
    }

    /// <summary>The shares of the exponentials in each of the three sums.</summary>
    private readonly struct Shares
    {
        public Shares(double sigma, double pi, int m)
        {
            var (s, p) = (Math.Exp(sigma), Math.Exp(pi));
            First = s / (s + m - 1);
            (Second, SecondTie) = (p / (p + s + m - 1), s / (p + s + m - 1));
            (BothFirst, BothSecond) = (2 * s / ((2 * s) + p + m - 2), p / ((2 * s) + p + m - 2));
        }

        public double First { get; }

        public double Second { get; }

        public double SecondTie { get; }

        public double BothFirst { get; }

        public double BothSecond { get; }
    }
}
