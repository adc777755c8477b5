using TorchSharp;

namespace LogitSeparation.Core.Tests.Networks.Own;

/// <summary>A user's mistake that shows only after some steps.</summary>
public sealed class TiringTrunk : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private readonly torch.nn.Module<torch.Tensor, torch.Tensor> _layers;
    private int _calls;

    public TiringTrunk(long[] shape)
        : base(nameof(TiringTrunk))
    {
        _layers = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(shape.Aggregate(1L, (product, size) => product * size), 5));
        RegisterComponents();
    }

    public override torch.Tensor forward(torch.Tensor input) =>
        ++_calls > 5 ? throw new InvalidOperationException("five is enough") : _layers.call(input);
}
