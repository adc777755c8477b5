using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>
/// The batches of a training in their order, augmented as asked. The batch of a step depends on nothing but the options and the step:
/// not on the batches before it, nor on the threads that read it.
/// </summary>
internal sealed class TrainingBatches : IDisposable
{
    private readonly DeviceSplit _split;
    private readonly BatchOrder _order;
    private readonly TrainingOptions _options;
    private readonly PictureAugmentation? _augmentation;
    private ReadAhead? _ahead;
    private BatchOrder? _orderAhead;
    private long _next = -1;

    /// <summary>Prepares the batches.</summary>
    /// <param name="split">What to train on.</param>
    /// <param name="shape">The examples' shape.</param>
    /// <param name="options">Batch size, seed and augmentation.</param>
    public TrainingBatches(DeviceSplit split, IReadOnlyList<int> shape, TrainingOptions options)
    {
        _split = split;
        _options = options;
        _order = new(split.Count, options.BatchSize, options.Seed, split.Device);
        if (options.Augmentation != Augmentation.None)
            _augmentation = new(options.Augmentation, options.CropShift, shape);
    }

    /// <summary>The batch of a step.</summary>
    /// <param name="step">From 0. Following steps are the fast case for examples that are not in memory.</param>
    /// <returns>m x length inputs, float32, and m labels, int64, on the device; they belong to the caller's scope.</returns>
    /// <exception cref="SlcException">An example could not be read.</exception>
    public (torch.Tensor Input, torch.Tensor Labels) Take(long step)
    {
        var rows = _order.Rows(step);
        var (input, labels) = _split.IsResident ? _split.Pick(rows) : (Read(step), _split.LabelsOf(rows));
        return (_augmentation is null ? input : _augmentation.Apply(input, Seeds(_order, step, StreamSeed.Augmentation)), labels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ahead?.Dispose();
        _orderAhead?.Dispose();
        _order.Dispose();
    }

    private torch.Tensor Read(long step)
    {
        if (_ahead is null || step != _next)
        {
            _ahead?.Dispose();
            // The reader is ahead, perhaps in the next epoch, so it needs an order of its own.
            _orderAhead ??= new(_split.Count, _options.BatchSize, _options.Seed, torch.CPU);
            _ahead = new(_split.Split, batch => Plan(_orderAhead, step + batch), _options.BatchSize, Environment.ProcessorCount);
        }

        _next = step + 1;
        var store = _split.Split.Store;
        return InputTensor.FromMemory(_ahead.Take().Span, store.Type, store.ExampleLength, _split.Scaling, _split.Device);
    }

    private BatchPlan Plan(BatchOrder order, long step)
    {
        var indices = new int[_options.BatchSize];
        var numbers = order.Numbers(step);
        for (var i = 0; i < indices.Length; i++)
            indices[i] = (int)numbers[i];
        return new(indices, Seeds(order, step, StreamSeed.Crop));
    }

    private ulong[] Seeds(BatchOrder order, long step, int stream)
    {
        var epoch = order.EpochOf(step);
        var numbers = order.Numbers(step);
        var seeds = new ulong[numbers.Length];
        for (var i = 0; i < seeds.Length; i++)
            seeds[i] = PictureVariation.SeedOf(_options.Seed, stream, epoch, _split.Count, numbers[i]);
        return seeds;
    }
}
