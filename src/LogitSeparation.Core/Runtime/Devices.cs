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
    /// What can be used here; loads libtorch. The processor comes first, and is what is used where no device is named. Apple's
    /// GPU is not among them: it has no float64, in which what matters is summed.
    /// </summary>
    /// <exception cref="SlcException"><c>NativeRuntimeMissing</c>, <c>NativeRuntimeBroken</c>.</exception>
    public static IReadOnlyList<DeviceInfo> List()
    {
        TorchRuntime.EnsureLoaded();
        var gpus = CountCuda();
        var devices = new List<DeviceInfo>
        {
            new(Cpu, DeviceKind.Cpu, ProcessorName.Read(), torch.get_num_threads(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, IsDefault: true),
        };
        for (var i = 0; i < gpus; i++)
        {
            var (name, memory) = CudaDriver.Describe(i);
            devices.Add(new DeviceInfo($"{Cuda}:{i}", DeviceKind.Cuda, name ?? "NVIDIA GPU", null, memory, IsDefault: false));
        }

        return devices;
    }

    /// <summary>The device of that name; loads libtorch.</summary>
    /// <param name="name">
    /// <c>cpu</c>, <c>cuda</c> (the first GPU), <c>cuda:1</c>; <c>auto</c> for the best: the first GPU where there is one, and
    /// otherwise the processor. Null or blank is <c>cpu</c>.
    /// </param>
    /// <exception cref="SlcException">
    /// <c>UnknownDevice</c>: not a device's name. <c>DeviceUnavailable</c>: not on this machine, with what there is.
    /// </exception>
    internal static torch.Device Open(string? name)
    {
        var asked = string.IsNullOrWhiteSpace(name) ? Cpu : name.Trim().ToLowerInvariant();
        if (asked == Cpu)
        {
            TorchRuntime.EnsureLoaded();
            return torch.CPU;
        }

        if (asked == Mps)
            throw Unavailable(Mps, "Apple's GPU has no float64, which losses and measures are summed in.");
        if (asked != Best && ParseCuda(asked) is null)
        {
            throw new SlcException(
                "UnknownDevice", SlcErrorKind.NotFound,
                $"'{name}' is not a device. Devices are called cpu, cuda, cuda:0, cuda:1 … or auto."
                + NearestName.Suggest(asked, [Cuda, Cpu, Best]),
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
            throw Unavailable(string.Create(CultureInfo.InvariantCulture, $"{Cuda}:{index}"), CudaRemedy(count));
        torch.InitializeDeviceType(DeviceType.CUDA);
        return torch.device(DeviceType.CUDA, index ?? 0);
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
