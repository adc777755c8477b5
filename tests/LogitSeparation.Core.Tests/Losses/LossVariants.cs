using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Tests.Losses;

/// <summary>Hyperparameters that every loss is tested with: the defaults, and values on both sides of them.</summary>
internal static class LossVariants
{
    public static LossOptions[] All { get; } =
    [
        new(),
        new()
        {
            Alpha = 2.5,
            Gamma = 0.3,
            NoiseCount = 1,
            NoisePrior = NoisePrior.ClassFrequency,
            ZWeight = 1,
            UnifiedBias = -0.5,
            SigmoidScale = 0.4,
            SigmoidBias = 0.3,
            FocalGamma = 0.5,
            Tau = 2,
            Temperature = 3,
        },
        new()
        {
            Alpha = 0.01,
            Gamma = 4,
            NoiseCount = 12,
            NoiseSampling = NoiseSampling.Sampled,
            Epsilon = 1e-3,
            ZWeight = 0,
            UnifiedBias = 4,
            SigmoidScale = 2,
            SigmoidBias = -3,
            FocalGamma = 5,
            Tau = 0,
            Temperature = 0.7,
            Prior = 0.01,
        },
        new() { NoiseCount = 3, NoisePrior = NoisePrior.ClassFrequency, NoiseSampling = NoiseSampling.Sampled, Epsilon = 0.2 },
    ];
}
