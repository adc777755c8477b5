namespace LogitSeparation.Core.Runtime;

/// <summary>What sort of processor a device is.</summary>
public enum DeviceKind
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}
