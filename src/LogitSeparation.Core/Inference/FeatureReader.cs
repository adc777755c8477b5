using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Inference;

/// <summary>Sends the examples of a split through a model's trunk, block by block.</summary>
internal sealed class FeatureReader : IDisposable
{
    // Large enough to fill the processor, small enough to stay in memory with any network.
    private const int MostRows = 1024;

    private readonly TrainedTrunk _trunk;
    private readonly BlockReader _examples;
    private readonly torch.Device _device;

    /// <summary>Prepares a pass.</summary>
    /// <exception cref="SlcException">
    /// <c>ExampleShapeMismatch</c> where the examples are not what the model was trained on; <c>OutOfMemory</c>, <c>TorchFailed</c>.
    /// </exception>
    public FeatureReader(Model model, Dataset dataset, Split split, torch.Device device)
    {
        CheckShape(model, dataset);
        _device = device;
        _examples = new(dataset[split], model.Scaling, device);
        _trunk = TorchFailure.Guard(device.ToString(), () => new TrainedTrunk(model, device));
    }

    /// <summary>The multiplications with an addition that the trunk did so far.</summary>
    public long MultiplyAddCount => _trunk.MultiplyAddCount;

    /// <summary>The number of examples that a block should have.</summary>
    /// <param name="head">The rows of the head that they are computed with.</param>
    public int RowsFor(HeadRows head) => head.RowsOf(_trunk.RowsOf(_examples.RowsOf(MostRows)));

    /// <summary>Refuses examples of another shape than the model was trained on.</summary>
    /// <exception cref="SlcException"><c>ExampleShapeMismatch</c>.</exception>
    public static void CheckShape(Model model, Dataset dataset)
    {
        if (!dataset.ExampleShape.SequenceEqual(model.Network.InputShape))
        {
            throw new SlcException("ExampleShapeMismatch", SlcErrorKind.InvalidData,
                $"The examples of {dataset.Name} are {string.Join(" x ", dataset.ExampleShape)}, but the model was trained on " +
                $"{string.Join(" x ", model.Network.InputShape)} ({model.Dataset}).", dataset.Name);
        }
    }

    /// <summary>The logits that rows of the head give to consecutive examples, row after row.</summary>
    public float[] Compute(HeadRows head, int first, int count)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        return TorchFailure.Guard(
            _device.ToString(), () => head.Compute(_trunk.Infer(_examples.Read(first, count))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trunk.Dispose();
        _examples.Dispose();
    }
}
