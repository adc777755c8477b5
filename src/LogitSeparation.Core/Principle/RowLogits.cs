namespace LogitSeparation.Core.Principle;

/// <summary>The logits of one example whose false logits are all alike.</summary>
/// <param name="True">The true logit.</param>
/// <param name="False">Every false logit.</param>
internal readonly record struct RowLogits(double True, double False);
