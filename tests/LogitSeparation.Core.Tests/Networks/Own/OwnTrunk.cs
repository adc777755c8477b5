using static TorchSharp.torch;

namespace LogitSeparation.Core.Tests.Networks.Own;

/// <summary>A trunk as a user may write one: it knows nothing of this project.</summary>
public sealed class OwnTrunk : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _layers;

    public OwnTrunk(long[] inputShape) : base(nameof(OwnTrunk))
    {
        var inputs = inputShape.Aggregate(1L, (product, size) => product * size);
        _layers = nn.Sequential(
            nn.Flatten(), nn.Linear(inputs, 12), nn.BatchNorm1d(12), nn.Tanh(), nn.Dropout(0.2), nn.Linear(12, 7, hasBias: false));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _layers.call(input);
}
