namespace LogitSeparation.Core.Runtime;

/// <summary>What sort of processor a device is.</summary>
public enum DeviceKind
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>The GPU of an Apple processor (Metal Performance Shaders); it has no float64.</summary>
    Mps,
}
