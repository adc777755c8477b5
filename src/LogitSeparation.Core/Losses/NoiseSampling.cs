namespace LogitSeparation.Core.Losses;

/// <summary>How the NCE loss takes the expectation over noise classes (Eq. 3).</summary>
public enum NoiseSampling
{
    /// <summary>The expectation over all k classes, exactly as Eq. 3 is written.</summary>
    Exact,

    /// <summary>The Monte-Carlo estimate from t classes drawn anew for each example.</summary>
    Sampled,
}
