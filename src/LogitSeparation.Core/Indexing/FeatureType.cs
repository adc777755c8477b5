namespace LogitSeparation.Core.Indexing;

/// <summary>What the features of an index are kept as.</summary>
public enum FeatureType
{
    /// <summary>Float32, as the trunk gives them: logits are exact but for the rounding of their sum.</summary>
    F32,

    /// <summary>Float16, half the size; each feature is off by at most one part in 2048 (and 2^-25).</summary>
    F16,

    /// <summary>Signed bytes, with a scale for each example: a quarter of the size; each feature is off by at most 1/254 of the example's largest.</summary>
    I8,
}
