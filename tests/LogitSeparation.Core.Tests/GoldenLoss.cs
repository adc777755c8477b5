namespace LogitSeparation.Core.Tests;

/// <summary>A loss over all examples of a case taken as one batch.</summary>
/// <param name="Value">The mean over the batch, in float64.</param>
/// <param name="Gradient">n x k derivatives of the value with respect to the logits; null where a subgradient is not unique, or the case is large.</param>
internal sealed record GoldenLoss(double Value, double[]? Gradient);
