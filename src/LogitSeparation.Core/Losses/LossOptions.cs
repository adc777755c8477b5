using System.Text.Json.Serialization;

namespace LogitSeparation.Core.Losses;

/// <summary>The hyperparameters of the losses. Each loss reads its own and ignores the others.</summary>
public sealed record LossOptions
{
    private const int MostNoise = 100_000;
    private const long MostDraws = 1 << 26;
    private const int MostBias = 10_000;
    private const int MostExponent = 100;
    private const double LeastScale = 1e-6;
    private const double MostScale = 1e6;
    private const double LeastPrior = 1e-9;

    /// <summary>The weight of the normaliser term of <c>SelfNorm</c> (section 4.1): above 0.</summary>
    public double Alpha { get; init; } = 0.1;

    /// <summary>The margin of <c>MaxMargin</c> and <c>BatchMaxMargin</c> (Eq. 2): above 0, in units of logits.</summary>
    public double Gamma { get; init; } = 1;

    /// <summary>The number t of noise classes of <c>NCE</c> (Eq. 3): 1 to 100,000.</summary>
    public int NoiseCount { get; init; } = 5;

    /// <summary>The noise distribution q of <c>NCE</c>.</summary>
    public NoisePrior NoisePrior { get; init; } = NoisePrior.Uniform;

    /// <summary>Whether <c>NCE</c> takes its expectation exactly or from samples.</summary>
    public NoiseSampling NoiseSampling { get; init; } = NoiseSampling.Exact;

    /// <summary>
    /// The number t of false classes that <c>BinaryCE</c> and <c>PriorBCE</c> draw for each example in place of all k - 1, and counts (k - 1)/t times:
    /// 1 to 100,000, or 0 for all.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int NegativeCount { get; init; }

    /// <summary>
    /// What is added to Q inside the logarithm of <c>BatchCE</c>: 0 or above. The paper has 0; the authors' published code
    /// has 1e-6.
    /// </summary>
    public double Epsilon { get; init; }

    /// <summary>The weight of the squared log-normaliser of <c>ZLoss</c>: 0 or above; PaLM's is 1e-4.</summary>
    public double ZWeight { get; init; } = 1e-4;

    /// <summary>The first value of the bias b of <c>UnifiedCE</c>, which trains along; null for log(10 k).</summary>
    public double? UnifiedBias { get; init; }

    /// <summary>
    /// The first value of the scale of <c>SigmoidCE</c>, which trains along: 1e-6 to 1e6. SigLIP's 10 is for similarities from -1 to 1; of
    /// logits, which have no bound, it makes steps ten times as large, and training overshoots.
    /// </summary>
    public double SigmoidScale { get; init; } = 1;

    /// <summary>The first value of the bias of <c>SigmoidCE</c>, which trains along; SigLIP's is -10.</summary>
    public double SigmoidBias { get; init; } = -10;

    /// <summary>The probability of each class that the head of <c>PriorBCE</c> starts with, between 0 and 1; null for 1/k.</summary>
    public double? Prior { get; init; }

    /// <summary>The focusing parameter γ of <c>FocalBCE</c>: 0 to 100.</summary>
    public double FocalGamma { get; init; } = 2;

    /// <summary>The weight τ of the classes' log-frequencies in <c>LogitAdjustedCE</c>: 0 to 100.</summary>
    public double Tau { get; init; } = 1;

    /// <summary>The temperature τ of <c>SmoothAP</c>, in units of logits: 1e-6 to 1e6.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// Losses of the user's own that may be asked for by name; null for none. Not saved: a model of one is read without it, as its logits do
    /// not need it.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<UserLoss>? Own { get; init; }

    /// <summary>Refuses values that no loss can use.</summary>
    /// <exception cref="SlcException"><c>InvalidLossOption</c>, naming the parameter.</exception>
    public void Validate()
    {
        Require(double.IsFinite(Alpha) && Alpha > 0, nameof(Alpha), Alpha, "a finite number above 0");
        Require(double.IsFinite(Gamma) && Gamma > 0, nameof(Gamma), Gamma, "a finite number above 0");
        Require(NoiseCount is >= 1 and <= MostNoise, nameof(NoiseCount), NoiseCount, $"a whole number from 1 to {MostNoise}");
        Require(Enum.IsDefined(NoisePrior), nameof(NoisePrior), NoisePrior, string.Join(" or ", Enum.GetNames<NoisePrior>()));
        Require(Enum.IsDefined(NoiseSampling), nameof(NoiseSampling), NoiseSampling, string.Join(" or ", Enum.GetNames<NoiseSampling>()));
        Require(NegativeCount is >= 0 and <= MostNoise, nameof(NegativeCount), NegativeCount, $"a whole number from 0 (all classes) to {MostNoise}");
        Require(double.IsFinite(Epsilon) && Epsilon >= 0 && Epsilon < 1, nameof(Epsilon), Epsilon, "a number from 0 to below 1");
        RequireWithin(ZWeight, 0, double.MaxValue, nameof(ZWeight), "a finite number of at least 0");
        RequireWithin(UnifiedBias ?? 0, -MostBias, MostBias, nameof(UnifiedBias), $"a number from {-MostBias} to {MostBias}");
        RequireWithin(SigmoidBias, -MostBias, MostBias, nameof(SigmoidBias), $"a number from {-MostBias} to {MostBias}");
        RequireWithin(SigmoidScale, LeastScale, MostScale, nameof(SigmoidScale), "a number from 1e-6 to 1e6");
        RequireWithin(Temperature, LeastScale, MostScale, nameof(Temperature), "a number from 1e-6 to 1e6");
        RequireWithin(Prior ?? 0.5, LeastPrior, 1 - LeastPrior, nameof(Prior), "a number from 1e-9 to 1 - 1e-9");
        RequireWithin(FocalGamma, 0, MostExponent, nameof(FocalGamma), $"a number from 0 to {MostExponent}");
        RequireWithin(Tau, 0, MostExponent, nameof(Tau), $"a number from 0 to {MostExponent}");
    }

    /// <summary>Refuses a batch for which a loss would have to draw more noise than there should be memory for.</summary>
    /// <param name="loss">The name of the loss.</param>
    /// <param name="count">The number of examples, m.</param>
    /// <exception cref="SlcException"><c>InvalidLossOption</c>, naming the parameter.</exception>
    internal void ValidateBatch(string loss, int count)
    {
        if (loss == NoiseContrastive.Info.Name && NoiseSampling == NoiseSampling.Sampled)
            RequireDraws(nameof(NoiseCount), NoiseCount, count);
        if (loss == BinaryCrossEntropy.Info.Name || loss == PriorBinaryCrossEntropy.Info.Name)
            RequireDraws(nameof(NegativeCount), NegativeCount, count);
    }

    /// <summary>The first value of the bias of <c>UnifiedCE</c> for k classes.</summary>
    internal double InitialUnifiedBias(int classCount) => UnifiedBias ?? Math.Log(10.0 * classCount);

    /// <summary>The user's own loss of that name, whatever its case; null where there is none.</summary>
    internal UserLoss? FindOwn(string name) => Own?.FirstOrDefault(loss => loss.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static void RequireDraws(string parameter, int draws, int count) =>
        Require((long)count * draws <= MostDraws, parameter, draws, FormattableString.Invariant(
            $"at most {MostDraws / count} where classes are sampled for {count} examples at once"));

    private static void RequireWithin(double value, double least, double most, string parameter, string expected) =>
        Require(value >= least && value <= most, parameter, value, expected);

    private static void Require(bool holds, string parameter, object value, string expected)
    {
        if (!holds)
        {
            throw new SlcException("InvalidLossOption", SlcErrorKind.InvalidArgument,
                FormattableString.Invariant($"-{parameter} is {value}, but must be {expected}."), parameter);
        }
    }
}
