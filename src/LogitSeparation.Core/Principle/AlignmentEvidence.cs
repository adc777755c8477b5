namespace LogitSeparation.Core.Principle;

/// <summary>How a verdict on a loss came about.</summary>
public enum AlignmentEvidence
{
    /// <summary>By a formula that is proved.</summary>
    ClosedForm,

    /// <summary>By a lower bound that is proved, with rounding, and logits that come near to it.</summary>
    Certified,

    /// <summary>By a search for violating logits with a small loss. Nothing is proved: other logits may have a smaller one.</summary>
    Numerical,
}
