namespace LogitSeparation.Core.Losses;

/// <summary>
/// How far float32 takes what losses compute from its exact value, at most; for losses to say how far below their exact value
/// they may come out (<see cref="Loss.Shortfall"/>).
/// </summary>
/// <remarks>
/// u = 2^-24 is the unit of rounding, and n of them in a row make γ(n) = n u / (1 - n u) (Higham, Accuracy and Stability of Numerical
/// Algorithms, section 3.1).
/// <list type="bullet">
/// <item>Exponentials and logarithms: ours (<see cref="DecayingExponential"/>) is off by at most 4 u of it, and a test measures that;
/// libtorch's by at most 2 units in the last place (4 u) on the CPU and on CUDA, log(1 + e) by as many. With the operations around
/// them 16 u is more than any term has. What is flushed to 0 is below e^-87, and no sum here is so small that it would matter.</item>
/// <item>Sums of k positive terms: by rows they are added in float64; libtorch's table operations add in float32, in lanes
/// and cascades that differ with the processor. Of any order at all the sum is off by less than γ(k) of it.</item>
/// <item>Arguments: a difference x of two logits is rounded to u |x|, which is what the exponential is off by, relatively.</item>
/// </list>
/// All that is done with one number a row is done in float64, by either way.
/// </remarks>
/// <param name="ClassCount">k.</param>
/// <param name="ByRows">Whether rows are gone through on the CPU; false for operations on whole tables.</param>
internal readonly record struct LossRounding(int ClassCount, bool ByRows)
{
    private const double Unit = 1.0 / (1 << 24);
    private const double FunctionUnits = 16;

    /// <summary>
    /// The most that log Σ_j exp(z_j - max z) is off by. Rounding x_j = z_j - max z changes the sum by at most u Σ_j p_j |x_j| of it, and
    /// that mean is the softmax's entropy minus the logarithm of the sum: not above log k.
    /// </summary>
    public double LogNormalizer => Compound(Math.Log(ClassCount));

    /// <summary>The most that a sum of k numbers log(1 + e^x_j) is off by, as a share of it, where each x_j is exact.</summary>
    public double SoftplusSum => Compound(0);

    /// <summary>
    /// The same where x_j = z_j - b is rounded, and b was before. A change of x by d changes log(1 + e^x) by at most |d| of it,
    /// since its derivative is not above it; for x above 0 by at most |d| / x too; and below -87.3 nothing is left.
    /// </summary>
    /// <param name="offset">b.</param>
    public double ShiftedSoftplusSum(double offset) => Compound(88 + Math.Abs(offset));

    /// <summary>
    /// The most that a sum of k numbers σ(x_j)^γ log(1 + e^x_j) is off by, as a share of it, where each x_j is exact: the exponent
    /// γ log(1 + e^-x_j) is at most 88 where anything is left, and off by 18 u of it.
    /// </summary>
    public double FocalSum => Compound(18 * 88);

    /// <summary>
    /// The most that a ratio of sums of σ((z_j - t) / τ) is off by, as a share of it, where the sums are in float64. The argument is at
    /// least -88 where anything is left, and off by 3 u of it; above 0 it matters less than there.
    /// </summary>
    public double LogisticRatio => (this with { ByRows = true }).Compound((2 * 3 * 88) + FunctionUnits);

    private double Compound(double units)
    {
        var error = ((ByRows ? 0 : ClassCount) + units + FunctionUnits) * Unit;
        return error < 0.5 ? error / (1 - error) : double.PositiveInfinity;
    }
}
