namespace LogitSeparation.Core.Runtime;

/// <summary>A device that can be used on this machine.</summary>
/// <param name="Name">What to give as <c>-Device</c>: <c>cpu</c>, <c>cuda:0</c>.</param>
/// <param name="Kind">What sort it is.</param>
/// <param name="Description">The processor's or GPU's name, as the system has it.</param>
/// <param name="Threads">The number of threads that libtorch computes with; null for a GPU.</param>
/// <param name="Memory">The memory in bytes that this process can use of it, or the GPU's own; null where it is not known.</param>
/// <param name="IsDefault">Whether it is the device taken where none is named: the processor.</param>
public sealed record DeviceInfo(string Name, DeviceKind Kind, string Description, int? Threads, long? Memory, bool IsDefault);
