using LogitSeparation.Core.Data;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>A split that lies on the device, as bytes, for the whole of a training: batches are picked there by index.</summary>
internal sealed class DeviceSplit : IDisposable
{
    private readonly torch.Tensor _bytes;
    private readonly torch.Tensor _labels;
    private readonly PixelScaling _scaling;

    /// <summary>Copies a split to the device.</summary>
    public DeviceSplit(DataSplit split, PixelScaling scaling, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var bytes = new byte[checked(split.Count * split.ExampleLength)];
        split.CopyTo(0, bytes);
        _bytes = torch.tensor(bytes, split.Count, split.ExampleLength, device: device).DetachFromDisposeScope();
        _labels = torch.tensor(Array.ConvertAll(split.Labels.ToArray(), label => (long)label), device: device).DetachFromDisposeScope();
        _scaling = scaling;
        Count = split.Count;
    }

    /// <summary>The number of examples.</summary>
    public int Count { get; }

    /// <summary>The examples of these rows.</summary>
    /// <param name="rows">m row numbers, int64, on the device.</param>
    public (torch.Tensor Input, torch.Tensor Labels) Pick(torch.Tensor rows) =>
        (InputTensor.Pick(_bytes, rows, _scaling), _labels.index_select(0, rows));

    /// <summary>Consecutive examples.</summary>
    public (torch.Tensor Input, torch.Tensor Labels) Slice(int first, int count) =>
        (InputTensor.FromBytes(_bytes.narrow(0, first, count), _scaling), _labels.narrow(0, first, count));

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes.Dispose();
        _labels.Dispose();
    }
}
