namespace LogitSeparation.Core.Principle;

/// <summary>
/// The focal binary cross-entropy: each logit has a term of its own, f(-a) for a true logit a and f(b) for a false one b, where
/// f(x) = σ(x)^γ log(1 + e^x) rises from 0. So the infimum is 0, and of a ≤ b a tie is best. f(a) + f(-a) is least at 0, where it is
/// 2^(1-γ) log 2; the mean over n examples makes 2^(1-γ) log 2 / n.
/// </summary>
/// <remarks>
/// Why it is least at 0: with s = σ(x) and L = log(1 + e^x) the slope is f' = s^γ (γ (1-s) L + s), and f'' is s^(γ+1) (1-s) times
/// h = γ² e^-x L + 2γ + 1 - γ L. Both e^-x L (as s ≤ L) and -L fall with x, so that h falls, and f' rises up to some point and falls
/// beyond it to its limit, 1. That point is above 0, since h(0) = γ² log 2 + γ (2 - log 2) + 1. So for a above 0 f'(-a) ≤ f'(0), and f'(a)
/// is at least the smaller of f'(0) and 1. f'(0) = 2^-γ (γ log 2 + 1) / 2 is at most 1/2, as its derivative by γ,
/// -2^-γ γ log² 2 / 2, is not above 0. Together f'(a) ≥ f'(-a): f(a) + f(-a) does not fall.
/// </remarks>
internal static class FocalBinaryCrossEntropyAlignment
{
    public static AlignmentProof Analyse(AlignmentProblem problem)
    {
        var log2 = Enclosure.Log(2);
        return BinaryCrossEntropyAlignment.OfSeparateTerms(problem, Enclosure.Exp((1 - (Enclosure)problem.Options.FocalGamma) * log2) * log2, u => u);
    }
}
