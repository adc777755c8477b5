namespace LogitSeparation.Core.Losses;

/// <summary>The noise distribution q of the NCE loss (Eq. 3).</summary>
public enum NoisePrior
{
    /// <summary>Every class equally: q(j) = 1/k.</summary>
    Uniform,

    /// <summary>Each class as often as it occurs among the training labels.</summary>
    ClassFrequency,
}
