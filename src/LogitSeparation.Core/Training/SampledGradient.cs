using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>The gradients by the logits of the classes that a sampled loss draws; the other rows of the head are not touched.</summary>
internal sealed class SampledGradient : StepGradient
{
    private readonly SampledLoss _loss;
    private readonly Network _network;
    private readonly SgdOptimizer _optimizer;
    private readonly LazyHead _head;

    /// <summary>Takes the head of a network over.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="network">A network with one head.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="rate">The learning rate of each step.</param>
    public SampledGradient(SampledLoss loss, Network network, SgdOptimizer optimizer, double weightDecay, ScheduledRate rate)
    {
        (_loss, _network, _optimizer) = (loss, network, optimizer);
        _head = new(network, optimizer, weightDecay, rate);
    }

    /// <inheritdoc/>
    public override LazyHead? LazyHead => _head;

    /// <summary>The rows of the head that were read take their step too.</summary>
    /// <inheritdoc/>
    public override (torch.Tensor Value, torch.Tensor? Main) Gather(torch.Tensor input, torch.Tensor labels, long step)
    {
        var classes = SampledLoss.ReadLabels(labels);
        var draws = _loss.Draw(classes, step);
        var logits = _head.Forward(_network.Trunk.Forward(input), new(classes, draws), step);
        var (value, gradient) = _loss.EvaluateDrawn(logits, classes, draws);
        _network.Trunk.Backward(_head.Backward(gradient), _optimizer.Beta);
        _head.Step();
        return (value, null);
    }

    /// <inheritdoc/>
    public override void CatchUp(long step) => _head.CatchUp(step);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _head.Dispose();
        base.Dispose(disposing);
    }
}
