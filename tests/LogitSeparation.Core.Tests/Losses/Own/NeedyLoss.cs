using static TorchSharp.torch;

namespace LogitSeparation.Core.Tests.Losses.Own;

/// <summary>One that cannot be made.</summary>
public sealed class NeedyLoss(string what) : nn.Module<Tensor, Tensor, Tensor>(what)
{
    public override Tensor forward(Tensor logits, Tensor labels) => logits.mean();
}
