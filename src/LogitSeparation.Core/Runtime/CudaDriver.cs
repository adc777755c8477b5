using System.Runtime.InteropServices;
using System.Text;

namespace LogitSeparation.Core.Runtime;

/// <summary>
/// Asks NVIDIA's driver for a GPU's name and memory, which TorchSharp does not pass on (CUDA Driver API, "Device
/// Management"). The driver numbers GPUs as libtorch does, by <c>CUDA_VISIBLE_DEVICES</c>.
/// </summary>
internal static unsafe class CudaDriver
{
    private const int Success = 0;

    /// <summary>The name and the memory in bytes of a GPU; nulls where the driver is not there or does not tell.</summary>
    /// <param name="ordinal">Which GPU.</param>
    public static (string? Name, long? Memory) Describe(int ordinal)
    {
        var library = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (!NativeLibrary.TryLoad(library, typeof(CudaDriver).Assembly, DllImportSearchPath.System32, out var driver))
            return (null, null);
        if (!TryFind(driver, "cuInit", out var initialize) || !TryFind(driver, "cuDeviceGet", out var get))
            return (null, null);
        int device;
        if (((delegate* unmanaged<uint, int>)initialize)(0) != Success || ((delegate* unmanaged<int*, int, int>)get)(&device, ordinal) != Success)
            return (null, null);
        return (ReadName(driver, device), ReadMemory(driver, device));
    }

    private static string? ReadName(nint driver, int device)
    {
        const int Length = 256;
        var buffer = stackalloc byte[Length];
        if (!TryFind(driver, "cuDeviceGetName", out var function))
            return null;
        if (((delegate* unmanaged<byte*, int, int, int>)function)(buffer, Length, device) != Success)
            return null;
        var bytes = new ReadOnlySpan<byte>(buffer, Length);
        return Encoding.UTF8.GetString(bytes[..Math.Max(0, bytes.IndexOf((byte)0))]);
    }

    private static long? ReadMemory(nint driver, int device)
    {
        nuint bytes;
        if (!TryFind(driver, "cuDeviceTotalMem_v2", out var function))
            return null;
        return ((delegate* unmanaged<nuint*, int, int>)function)(&bytes, device) == Success ? (long)bytes : null;
    }

    private static bool TryFind(nint driver, string name, out nint function) => NativeLibrary.TryGetExport(driver, name, out function);
}
