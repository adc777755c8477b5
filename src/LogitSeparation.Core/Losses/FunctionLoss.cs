using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>A loss that a function of the user's computes, on the thread that evaluates it.</summary>
/// <param name="name">Its name.</param>
/// <param name="function">The function.</param>
internal sealed class FunctionLoss(string name, LossFunction function) : GraphLoss(name)
{
    private readonly string _name = name;

    protected override torch.Tensor Compute(torch.Tensor logits, torch.Tensor labels) =>
        (function(new(logits), new(labels)) ?? throw Invalid(_name, "gives nothing")).Tensor;
}
