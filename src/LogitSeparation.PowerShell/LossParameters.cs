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

    /// <summary>The number of false classes that BinaryCE draws for each example; 0 for all.</summary>
    [Parameter]
    public int NegativeCount { get; set; } = Defaults.NegativeCount;

    /// <summary>What is added inside the logarithm of BatchCE.</summary>
    [Parameter]
    public double Epsilon { get; set; } = Defaults.Epsilon;

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
        };
        options.Validate();
        return options;
    }
}
