using System.Runtime.InteropServices;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>
/// The head in the training with a sampled loss: a step reads and writes the rows of the sampled classes alone. SGD moves the other rows
/// too, by their momentum and decay; without a gradient that is a linear map, which is made up for when a row is next read, and for
/// all rows where the whole head is.
/// </summary>
internal sealed class LazyHead : IDisposable
{
    /// <summary>The steps after which all rows catch up, so that float32 (as checkpoints have it) can count them.</summary>
    private const long Period = 1 << 20;

    private const int BlockRows = 1 << 16;

    private readonly Head _head;
    private readonly SgdOptimizer _optimizer;
    private readonly SkippedSteps _skipped;
    private readonly torch.Tensor _reached;
    private long _base;
    private LazyRows? _rows;

    /// <summary>Takes the head of a network over; the optimizer steps the rest from now on.</summary>
    /// <param name="network">A network with one head.</param>
    /// <param name="optimizer">The optimizer of the training.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="rate">The learning rate of each step.</param>
    public LazyHead(Network network, SgdOptimizer optimizer, double weightDecay, ScheduledRate rate)
    {
        (_head, _optimizer) = (network.Head, optimizer);

        // Backward passes take β as float32.
        _skipped = new(step => StepMap.WithoutGradient((float)optimizer.Beta, weightDecay, rate.At(step)));
        network.Parameters.StepApart(_head.Weight, _head.Weight.Length + _head.Bias.Length);
        _reached = torch.zeros(_head.Weight.Shape[0]).DetachFromDisposeScope();
    }

    /// <summary>For each row, how many of the steps since the last multiple of 2^20 it has gone through: k, float32, on the CPU.</summary>
    public torch.Tensor Reached => _reached;

    /// <summary>Goes on from a checkpoint, whose <see cref="Reached"/> is in place.</summary>
    /// <param name="steps">The number of steps taken, at least 1.</param>
    public void Resume(long steps) => _base = (steps - 1) / Period * Period;

    /// <summary>The logits of each example's label and draws: m x (1 + t).</summary>
    /// <param name="features">m x d.</param>
    /// <param name="sample">The classes.</param>
    /// <param name="step">The step, from 0.</param>
    public torch.Tensor Forward(torch.Tensor features, SampledClasses sample, long step)
    {
        if (step - _base >= Period)
        {
            CatchUp(step);
            _reached.zero_();
            _skipped.Clear();
            _base = step;
        }

        _rows = new(_head, torch.tensor(sample.Classes, device: features.device));
        _rows.Apply(MapsTo(step, sample.Classes));
        return _rows.Forward(features, torch.tensor(sample.Places, device: features.device));
    }

    /// <summary>Gathers the gradients of the rows that were read last.</summary>
    /// <param name="gradient">The derivative by the logits: m x (1 + t).</param>
    /// <returns>That by the features, m x d.</returns>
    public torch.Tensor Backward(torch.Tensor gradient) => Rows.Backward(gradient, _optimizer.Beta);

    /// <summary>The optimizer's step of the rows that were read last; before that of all else.</summary>
    public void Step()
    {
        Rows.Step(_optimizer);
        _rows = null;
    }

    /// <summary>Brings all rows to where a number of steps leaves them.</summary>
    public void CatchUp(long step)
    {
        for (var first = 0; first < _reached.numel(); first += BlockRows)
        {
            using var scope = torch.NewDisposeScope();
            var classes = new long[Math.Min(BlockRows, _reached.numel() - first)];
            for (var i = 0; i < classes.Length; i++)
                classes[i] = first + i;
            var maps = MapsTo(step, classes);
            if (Array.TrueForAll(maps, map => map == StepMap.Identity))
                continue;
            var rows = new LazyRows(_head, torch.tensor(classes, device: _head.Weight.Value.device));
            rows.Apply(maps);
            rows.Store();
        }

        MemoryMarshal.Cast<byte, float>(_reached.bytes).Fill(step - _base);
    }

    /// <inheritdoc/>
    public void Dispose() => _reached.Dispose();

    private LazyRows Rows => _rows ?? throw new InvalidOperationException("A backward pass needs a forward pass before it.");

    // What each row has missed before a step. A row that is read has gone through that step too afterwards.
    private StepMap[] MapsTo(long step, long[] classes)
    {
        var known = new Dictionary<float, StepMap>();
        var reached = MemoryMarshal.Cast<byte, float>(_reached.bytes);
        var maps = new StepMap[classes.Length];
        for (var i = 0; i < classes.Length; i++)
        {
            ref var row = ref reached[(int)classes[i]];
            if (!known.TryGetValue(row, out maps[i]))
                known[row] = maps[i] = _skipped.Over(_base + (long)row, step);
            row = step - _base + 1;
        }

        return maps;
    }
}
