using static TorchSharp.torch;

namespace LogitSeparation.Core.Tests.Networks.Own;

/// <summary>One that needs what it does not get.</summary>
public sealed class ThrowingTrunk : nn.Module<Tensor, Tensor>
{
    public ThrowingTrunk(int[] inputShape) : base(nameof(ThrowingTrunk)) =>
        throw new NotSupportedException($"pictures of {inputShape.Length} sizes are beyond me");

    public override Tensor forward(Tensor input) => input;
}
