using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>The gradients by the logits of a block of classes after another.</summary>
internal sealed class BlockedGradient : StepGradient
{
    private readonly BlockedLoss _loss;
    private readonly Network _network;
    private readonly Optimizer _optimizer;
    private readonly ClassBlocks _blocks;

    /// <summary>Divides the head of a network.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="network">A network with one head.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="batchSize">m.</param>
    public BlockedGradient(BlockedLoss loss, Network network, Optimizer optimizer, int batchSize)
    {
        (_loss, _network, _optimizer) = (loss, network, optimizer);
        _blocks = new(network.Head, BlockedLoss.BlockSize(network.Device.type, batchSize));
    }

    /// <inheritdoc/>
    public override (torch.Tensor Value, torch.Tensor? Main) Gather(torch.Tensor input, torch.Tensor labels, long step)
    {
        _blocks.Begin(_network.Trunk.Forward(input), labels, _optimizer.Beta);
        var value = _loss.Evaluate(_blocks);
        _network.Trunk.Backward(_blocks.FeatureGradient, _optimizer.Beta);
        return (value, null);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _blocks.Dispose();
        base.Dispose(disposing);
    }
}
