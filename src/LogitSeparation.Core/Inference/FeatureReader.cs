using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Inference;

/// <summary>Sends the examples of a split through a model's trunk, block by block.</summary>
internal sealed class FeatureReader : IDisposable
{
    /// <summary>Rows of a block: large enough to fill the processor, small enough to stay in memory with any network.</summary>
    public const int BlockRows = 1024;

    private readonly TrainedTrunk _trunk;
    private readonly DataSplit _split;
    private readonly PixelScaling _scaling;
    private readonly torch.Device _device;

    /// <summary>Prepares a pass.</summary>
    /// <exception cref="SlcException"><c>ExampleShapeMismatch</c> where the examples are not what the model was trained on.</exception>
    public FeatureReader(Model model, Dataset dataset, Split split, torch.Device device)
    {
        CheckShape(model, dataset);
        _split = dataset[split];
        _scaling = model.Scaling;
        _device = device;
        _trunk = new(model, device);
    }

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
        return TorchFailure.Guard(_device.ToString(), () => head.Infer(Read(first, count)).cpu().data<float>().ToArray());
    }

    private torch.Tensor Read(int first, int count)
    {
        var bytes = new byte[checked(count * _split.ExampleLength)];
        _split.CopyTo(first, bytes);
        return _trunk.Infer(InputTensor.FromBytes(torch.tensor(bytes, count, _split.ExampleLength, device: _device), _scaling));
    }

    /// <inheritdoc/>
    public void Dispose() => _trunk.Dispose();
}
