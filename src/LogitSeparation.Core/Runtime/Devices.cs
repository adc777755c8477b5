using TorchSharp;

namespace LogitSeparation.Core.Runtime;

/// <summary>The devices that tensors can live on.</summary>
public static class Devices
{
    /// <summary>The device of that name; loads libtorch.</summary>
    /// <param name="name"><c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>mps</c>; null or <c>auto</c> for the best that is there.</param>
    /// <exception cref="SlcException"><c>DeviceUnavailable</c>, with what there is.</exception>
    internal static torch.Device Open(string? name) => throw new NotSupportedException(name);
}
