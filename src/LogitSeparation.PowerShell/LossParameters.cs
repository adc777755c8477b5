using System.Management.Automation;
using LogitSeparation.Core.Losses;

namespace LogitSeparation.PowerShell;

/// <summary>
/// The hyperparameters of the losses as parameters of a cmdlet. PowerShell adds them to those of the cmdlet that hands this
/// object out, so that training and measuring have the same ones.
/// </summary>
public sealed class LossParameters
{
    private static readonly LossOptions Defaults = new();

    /// <summary>The weight of the normaliser term of SelfNorm.</summary>
    [Parameter]
    public double Alpha { get; set; } = Defaults.Alpha;

    /// <summary>The margin of MaxMargin and BatchMaxMargin.</summary>
    [Parameter]
    public double Gamma { get; set; } = Defaults.Gamma;

    /// <summary>The number t of noise classes of NCE.</summary>
    [Parameter]
    public int NoiseCount { get; set; } = Defaults.NoiseCount;

    /// <summary>The noise distribution q of NCE.</summary>
    [Parameter]
    [NamedValue<NoisePrior>]
    public NoisePrior NoisePrior { get; set; } = Defaults.NoisePrior;

    /// <summary>How NCE takes its expectation.</summary>
    [Parameter]
    [NamedValue<NoiseSampling>]
    public NoiseSampling NoiseSampling { get; set; } = Defaults.NoiseSampling;

    /// <summary>The number of false classes that BinaryCE and PriorBCE draw for each example; 0 for all.</summary>
    [Parameter]
    public int NegativeCount { get; set; } = Defaults.NegativeCount;

    /// <summary>What is added inside the logarithm of BatchCE.</summary>
    [Parameter]
    public double Epsilon { get; set; } = Defaults.Epsilon;

    /// <summary>The weight of the squared log-normaliser of ZLoss.</summary>
    [Parameter]
    public double ZWeight { get; set; } = Defaults.ZWeight;

    /// <summary>The first value of the bias of UnifiedCE.</summary>
    [Parameter]
    public double? UnifiedBias { get; set; }

    /// <summary>The first value of the scale of SigmoidCE.</summary>
    [Parameter]
    public double SigmoidScale { get; set; } = Defaults.SigmoidScale;

    /// <summary>The first value of the bias of SigmoidCE.</summary>
    [Parameter]
    public double SigmoidBias { get; set; } = Defaults.SigmoidBias;

    /// <summary>The probability of each class that the head of PriorBCE starts with.</summary>
    [Parameter]
    public double? Prior { get; set; }

    /// <summary>The focusing parameter of FocalBCE.</summary>
    [Parameter]
    public double FocalGamma { get; set; } = Defaults.FocalGamma;

    /// <summary>The weight of the classes' log-frequencies in LogitAdjustedCE.</summary>
    [Parameter]
    public double Tau { get; set; } = Defaults.Tau;

    /// <summary>The temperature of SmoothAP.</summary>
    [Parameter]
    public double Temperature { get; set; } = Defaults.Temperature;

    internal LossOptions ToOptions()
    {
        var options = new LossOptions
        {
            Alpha = Alpha,
            Gamma = Gamma,
            NoiseCount = NoiseCount,
            NoisePrior = NoisePrior,
            NoiseSampling = NoiseSampling,
            NegativeCount = NegativeCount,
            Epsilon = Epsilon,
            ZWeight = ZWeight,
            UnifiedBias = UnifiedBias,
            SigmoidScale = SigmoidScale,
            SigmoidBias = SigmoidBias,
            Prior = Prior,
            FocalGamma = FocalGamma,
            Tau = Tau,
            Temperature = Temperature,
        };
        options.Validate();
        return options;
    }
}
