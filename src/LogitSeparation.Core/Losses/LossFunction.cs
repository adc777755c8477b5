namespace LogitSeparation.Core.Losses;

/// <summary>A loss of a batch as a function of its logits, by operations that a gradient can be derived of.</summary>
/// <param name="logits">m x k.</param>
/// <param name="labels">m class indices, 0 … k-1.</param>
/// <returns>One number, smaller where the logits are better.</returns>
public delegate LossTensor LossFunction(LossTensor logits, LossTensor labels);
