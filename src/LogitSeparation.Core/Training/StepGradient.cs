using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>
/// How a step comes from a batch to the gradients that the optimizer takes: by all logits at once, by blocks of classes, or by the
/// classes that a sampled loss draws. Which of them is decided by loss, optimizer and sizes alone, so that it is the same in every run.
/// </summary>
internal abstract class StepGradient : IDisposable
{
    /// <summary>Chooses the way.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="network">The network.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="options">How to train.</param>
    /// <param name="rate">The learning rate of each step.</param>
    public static StepGradient Create(Loss loss, Network network, Optimizer optimizer, TrainingOptions options, ScheduledRate rate)
    {
        var classCount = network.Spec.ClassCount;
        if (!network.HasSingleHead)
            return new WholeGradient(loss, network, optimizer);

        // Where a batch samples more classes than there are, nothing is won. Adam moves a row without a gradient by a map that is not
        // linear: making up for it takes as long as doing it.
        if (loss is SampledLoss sampled && optimizer is SgdOptimizer sgd && options.BatchSize * (1L + sampled.DrawCount) < classCount)
            return new SampledGradient(sampled, network, sgd, options.WeightDecay, rate);
        return IsBlocked(loss, network, options.BatchSize) ? new BlockedGradient(loss.InBlocks!, network, optimizer, options.BatchSize)
            : new WholeGradient(loss, network, optimizer);
    }

    /// <summary>Whether the logits are computed in blocks of classes and never held whole.</summary>
    public static bool IsBlocked(Loss loss, Network network, int batchSize) => network.HasSingleHead && loss.InBlocks is not null
        && BlockedLoss.IsWorthwhile(network.Device.type, batchSize, network.Spec.ClassCount);

    /// <summary>The rows of the head that are trained one by one; null where all are.</summary>
    public virtual LazyHead? LazyHead => null;

    /// <summary>Gathers the gradients of a batch in the network's parameters.</summary>
    /// <param name="input">m x (the input's shape).</param>
    /// <param name="labels">m classes, int64.</param>
    /// <param name="step">The step, from 0.</param>
    /// <returns>The step's loss, and what of it is the loss of the head's logits where it is a sum, else null: float64, no dimension.</returns>
    public abstract (torch.Tensor Value, torch.Tensor? Main) Gather(torch.Tensor input, torch.Tensor labels, long step);

    /// <summary>Brings the whole head to where a number of steps leaves it, before it is read other than by steps.</summary>
    public virtual void CatchUp(long step)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what is kept on the device.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
