namespace LogitSeparation.Core.Inference;

/// <summary>A class that is looked for.</summary>
/// <param name="Class">Its row of the head, 0 … k-1.</param>
/// <param name="Threshold">t: an example matches where its logit is above it.</param>
public sealed record ClassQuery(int Class, double Threshold);
