using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>Logits of a training batch that a loss is to be taken of.</summary>
/// <param name="Logits">m x k.</param>
/// <param name="Weight">What their loss counts in the step's.</param>
internal readonly record struct NetworkOutput(torch.Tensor Logits, double Weight);
