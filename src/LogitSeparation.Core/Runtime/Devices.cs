using System.Globalization;
using TorchSharp;

namespace LogitSeparation.Core.Runtime;

/// <summary>The devices that tensors can live on.</summary>
public static class Devices
{
    private const string Cpu = "cpu";
    private const string Cuda = "cuda";
    private const string Mps = "mps";
    private const string Best = "auto";

    /// <summary>
    /// What can be used here; loads libtorch. The processor comes first. The default is the first NVIDIA GPU where there is
    /// one, and otherwise the processor: Apple's GPU computes without float64, so it has to be asked for.
    /// </summary>
    /// <exception cref="SlcException"><c>NativeRuntimeMissing</c>, <c>NativeRuntimeBroken</c>.</exception>
    public static IReadOnlyList<DeviceInfo> List()
    {
        TorchRuntime.EnsureLoaded();
        var gpus = CountCuda();
        var devices = new List<DeviceInfo>
        {
            new(Cpu, DeviceKind.Cpu, ProcessorName.Read(), torch.get_num_threads(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, gpus == 0),
        };
        for (var i = 0; i < gpus; i++)
        {
            var (name, memory) = CudaDriver.Describe(i);
            devices.Add(new DeviceInfo($"{Cuda}:{i}", DeviceKind.Cuda, name ?? "NVIDIA GPU", null, memory, i == 0));
        }

        if (IsMpsThere())
            devices.Add(new DeviceInfo(Mps, DeviceKind.Mps, $"GPU of {ProcessorName.Read()}", null, null, false));
        return devices;
    }

    /// <summary>The device of that name; loads libtorch.</summary>
    /// <param name="name">
    /// <c>cpu</c>, <c>cuda</c> (the first GPU), <c>cuda:1</c>, <c>mps</c>; null or <c>auto</c> for the default of <see cref="List"/>.
    /// </param>
    /// <exception cref="SlcException">
    /// <c>DeviceUnknown</c>: not a device's name. <c>DeviceUnavailable</c>: not on this machine, with what there is.
    /// </exception>
    internal static torch.Device Open(string? name)
    {
        var asked = string.IsNullOrWhiteSpace(name) ? Best : name.Trim().ToLowerInvariant();
        if (asked == Cpu)
        {
            TorchRuntime.EnsureLoaded();
            return torch.CPU;
        }

        if (asked == Mps)
            return OpenMps();
        if (asked != Best && ParseCuda(asked) is null)
        {
            throw new SlcException(
                "DeviceUnknown", SlcErrorKind.InvalidArgument,
                $"'{name}' is not a device. Devices are called cpu, cuda, cuda:0, cuda:1 …, mps or auto."
                + NearestName.Suggest(asked, [Cuda, Cpu, Mps, Best]),
                name);
        }

        return OpenCuda(ParseCuda(asked));
    }

    // Null stands for the best: the first GPU if there is one.
    private static torch.Device OpenCuda(int? index)
    {
        TorchRuntime.EnsureLoaded();
        var count = CountCuda();
        if (index is null && count == 0)
            return torch.CPU;
        if ((index ?? 0) >= count)
            throw Unavailable($"{Cuda}:{index}", CudaRemedy(count));
        torch.InitializeDeviceType(DeviceType.CUDA);
        return torch.device(DeviceType.CUDA, index ?? 0);
    }

    private static torch.Device OpenMps()
    {
        TorchRuntime.EnsureLoaded();
        if (!IsMpsThere())
            throw Unavailable(Mps, "It exists on Macs with Apple processors only.");
        torch.InitializeDeviceType(DeviceType.MPS);
        return torch.device(DeviceType.MPS);
    }

    private static int? ParseCuda(string name)
    {
        if (name == Cuda)
            return 0;
        var isIndexed = name.StartsWith(Cuda + ":", StringComparison.Ordinal);
        return isIndexed && int.TryParse(name.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
    }

    private static bool HasCudaLibrary => TorchRuntime.Platform?.Backend == Cuda;

    private static int CountCuda() => HasCudaLibrary && torch.cuda.is_available() ? torch.cuda.device_count() : 0;

    private static bool IsMpsThere() => OperatingSystem.IsMacOS() && torch.mps_is_available();

    private static SlcException Unavailable(string name, string remedy) => new(
        "DeviceUnavailable", SlcErrorKind.Unavailable,
        $"The device '{name}' is not available. There is: {string.Join(", ", List().Select(device => device.Name))}. {remedy}",
        name);

    private static string CudaRemedy(int count)
    {
        if (count > 0)
            return "Name one of these.";
        return HasCudaLibrary
            ? "libtorch was built for CUDA but finds no GPU: install NVIDIA's driver (nvidia-smi has to list the GPU)."
            : "The libtorch in use is the one for the CPU: build with -TorchBackend cuda-windows or cuda-linux, or let "
              + $"{NativeLocation.Variable} name a libtorch {NativeLibraries.LibTorchVersion} with CUDA.";
    }
}
