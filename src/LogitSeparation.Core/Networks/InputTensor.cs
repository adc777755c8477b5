using LogitSeparation.Core.Data;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>Makes network inputs of pixel bytes, on the device that the bytes are on.</summary>
internal static class InputTensor
{
    /// <summary>(byte - mean) / deviation.</summary>
    /// <param name="bytes">n x length, uint8.</param>
    /// <param name="scaling">The data set's scaling.</param>
    /// <returns>n x length, float32.</returns>
    public static torch.Tensor FromBytes(torch.Tensor bytes, PixelScaling scaling) =>
        bytes.to(torch.float32).sub_(scaling.Mean).mul_(1 / scaling.Deviation);
}
