using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Tests;

/// <summary>The device that tests of tensors run on: the one that SLC_TEST_DEVICE names, else the CPU.</summary>
internal static class TestDevice
{
    /// <summary>Its name.</summary>
    public static string Name =>
        Environment.GetEnvironmentVariable("SLC_TEST_DEVICE") is { Length: > 0 } name ? name : "cpu";

    /// <summary>Opens it; loads libtorch.</summary>
    public static torch.Device Open() => Devices.Open(Name);
}
