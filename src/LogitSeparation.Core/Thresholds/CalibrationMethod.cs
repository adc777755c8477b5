namespace LogitSeparation.Core.Thresholds;

/// <summary>How the logits of a class become probabilities of the class.</summary>
public enum CalibrationMethod
{
    /// <summary>
    /// A sigmoid of an affine function of the logit (J. Platt 1999, Probabilistic outputs for support vector machines): two numbers, so
    /// few examples of a class do.
    /// </summary>
    Platt,

    /// <summary>
    /// A function that is only known not to fall (B. Zadrozny and C. Elkan 2002, Transforming classifier scores into accurate multiclass
    /// probability estimates): fits any such relation, and wants many examples (about a thousand and more, A. Niculescu-Mizil and
    /// R. Caruana 2005).
    /// </summary>
    Isotonic,

    /// <summary>Not at all.</summary>
    None,
}
