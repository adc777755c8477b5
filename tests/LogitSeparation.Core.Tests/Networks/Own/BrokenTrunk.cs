using static TorchSharp.torch;

namespace LogitSeparation.Core.Tests.Networks.Own;

/// <summary>One that forgets to flatten.</summary>
public sealed class BrokenTrunk() : nn.Module<Tensor, Tensor>(nameof(BrokenTrunk))
{
    public override Tensor forward(Tensor input) => input.unsqueeze(1);
}
