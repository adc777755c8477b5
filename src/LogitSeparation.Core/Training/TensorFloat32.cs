using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>
/// Whether CUDA's libraries may round the operands of float32 products, for as long as this is not disposed. The switches are
/// libtorch's and hold for the process; its own default lets convolutions round and matrix products not.
/// </summary>
internal sealed class TensorFloat32 : IDisposable
{
    private readonly bool _isCuda;
    private readonly bool _products;
    private readonly bool _convolutions;

    /// <summary>Sets both switches.</summary>
    /// <param name="device">Where the products are; on others than CUDA there is nothing to set.</param>
    /// <param name="allowed">Whether operands may be rounded.</param>
    public TensorFloat32(torch.Device device, bool allowed)
    {
        _isCuda = device.type == DeviceType.CUDA;
        if (!_isCuda)
            return;
        _products = torch.backends.cuda.matmul.allow_tf32;
        _convolutions = torch.backends.cudnn.allow_tf32;
        Set(allowed, allowed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isCuda)
            Set(_products, _convolutions);
    }

    private static void Set(bool products, bool convolutions)
    {
        torch.backends.cuda.matmul.allow_tf32 = products;
        torch.backends.cudnn.allow_tf32 = convolutions;
    }
}
