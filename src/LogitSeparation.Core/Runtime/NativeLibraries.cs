using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Runtime;

/// <summary>
/// The table of native libraries, per platform and backend. The build stages exactly these files and the runtime loads
/// them in this order. Names are those of the packages <c>libtorch-cpu-*</c> and <c>libtorch-cuda-12.8-*</c> 2.10.0 and
/// <c>TorchSharp</c> 0.107.0; the order follows the libraries' own import tables. What the packages hold besides (Python
/// bindings, test libraries, stubs) is left where it is.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>The version of libtorch that TorchSharp's library was compiled against.</summary>
    public const string LibTorchVersion = "2.10.0";

    private const NativeRole Support = NativeRole.Support;
    private const NativeRole Preload = NativeRole.Preload;
    private const NativeRole Beside = NativeRole.Beside;
    private const NativeRole Torch = NativeRole.Torch;
    private const NativeRole Binding = NativeRole.Binding;

    /// <summary>Every platform that can be built for.</summary>
    public static IReadOnlyList<NativePlatform> Platforms { get; } =
    [
        new("linux-x64", "cpu",
        [
            new("libgomp-98b21ff3.so.1", Support),
            new("libc10.so", Torch),
            new("libtorch_cpu.so", Torch),
            new("libtorch.so", Torch),
            new("libLibTorchSharp.so", Binding),
        ]),

        // The loader finds what libtorch names through its run path, $ORIGIN, so little has to be loaded by hand.
        new("linux-x64", "cuda",
        [
            new("libgomp-98b21ff3.so.1", Support),
            new("libcudart-c3a75b33.so.12", Support),
            new("libnvToolsExt-c498fcba.so.1", Beside),
            new("libcublasLt-10b5e663.so.12", Beside),
            new("libcublas-031ce6c2.so.12", Beside),
            new("libcusparseLt-0bb86669.so.0", Beside),
            new("libcufile-2b2a5a42.so.0", Beside),
            new("libcufile_rdma-5257f22c.so.1", Beside),
            new("libnvperf_host-609f5406.so", Beside),
            new("libcupti-fccdc5fc.so.12", Beside),
            new("libnvshmem_host-bb1c1ad4.so.3", Beside),
            new("libcudnn.so.9", Beside),
            new("libcudnn_graph.so.9", Beside),
            new("libcudnn_ops.so.9", Beside),
            new("libcudnn_cnn.so.9", Beside),
            new("libcudnn_adv.so.9", Beside),
            new("libcudnn_heuristic.so.9", Beside),
            new("libcudnn_engines_precompiled.so.9", Beside),
            new("libcudnn_engines_runtime_compiled.so.9", Beside),
            new("libnvrtc-builtins.so", Beside),
            new("libnvrtc-2bb82d1a.so.12", Beside),
            new("libcaffe2_nvrtc.so", Beside),
            new("libtorch_cuda_linalg.so", Beside),
            new("libc10.so", Torch),
            new("libc10_cuda.so", Torch),
            new("libtorch_cpu.so", Torch),
            new("libtorch_cuda.so", Torch),
            new("libtorch.so", Torch),
            new("libLibTorchSharp.so", Binding),
        ]),

        new("win-x64", "cpu",
        [
            new("libiomp5md.dll", Support),
            new("uv.dll", Beside),
            new("c10.dll", Torch),
            new("torch_cpu.dll", Torch),
            new("torch.dll", Torch),
            new("LibTorchSharp.dll", Binding),
        ]),

        // cuDNN and NVRTC open their parts by bare name, which Windows finds only if they are loaded already; caffe2_nvrtc
        // needs the driver's nvcuda.dll, which a machine without a GPU lacks.
        new("win-x64", "cuda",
        [
            new("libiomp5md.dll", Support),
            new("zlibwapi.dll", Preload),
            new("uv.dll", Beside),
            new("nvToolsExt64_1.dll", Preload),
            new("nvperf_host.dll", Preload),
            new("cupti64_2025.1.1.dll", Support),
            new("cudart64_12.dll", Support),
            new("nvJitLink_120_0.dll", Support),
            new("cublasLt64_12.dll", Support),
            new("cublas64_12.dll", Support),
            new("cufft64_11.dll", Support),
            new("cufftw64_11.dll", Beside),
            new("curand64_10.dll", Support),
            new("cusparse64_12.dll", Support),
            new("cusolver64_11.dll", Support),
            new("cusolverMg64_11.dll", Preload),
            new("cudnn_graph64_9.dll", Preload),
            new("cudnn_ops64_9.dll", Preload),
            new("cudnn_cnn64_9.dll", Preload),
            new("cudnn_adv64_9.dll", Preload),
            new("cudnn_heuristic64_9.dll", Preload),
            new("cudnn_engines_precompiled64_9.dll", Preload),
            new("cudnn_engines_runtime_compiled64_9.dll", Preload),
            new("cudnn64_9.dll", Support),
            new("nvrtc-builtins64_128.dll", Preload),
            new("nvrtc64_120_0.alt.dll", Beside),
            new("nvrtc64_120_0.dll", Preload),
            new("caffe2_nvrtc.dll", Preload),
            new("c10.dll", Torch),
            new("c10_cuda.dll", Torch),
            new("torch_cpu.dll", Torch),
            new("torch_cuda.dll", Torch),
            new("torch.dll", Torch),
            new("LibTorchSharp.dll", Binding),
        ]),

        new("win-arm64", "cpu",
        [
            new("armpl_lp64.dll", Support),
            new("uv.dll", Beside),
            new("c10.dll", Torch),
            new("torch_cpu.dll", Torch),
            new("torch.dll", Torch),
            new("LibTorchSharp.dll", Binding),
        ]),

        new("osx-arm64", "cpu",
        [
            new("libomp.dylib", Support),
            new("libc10.dylib", Torch),
            new("libtorch_cpu.dylib", Torch),
            new("libtorch.dylib", Torch),
            new("libLibTorchSharp.dylib", Binding),
        ]),
    ];

    /// <summary>The runtime identifier of this process as the packages have it; it may be one that has no libtorch.</summary>
    public static string CurrentRid
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>The platform of that name, or null where there is no libtorch for it.</summary>
    /// <param name="rid">The runtime identifier.</param>
    /// <param name="backend"><c>cpu</c> or <c>cuda</c>.</param>
    public static NativePlatform? Find(string rid, string backend) =>
        Platforms.FirstOrDefault(platform => platform.Rid == rid && platform.Backend == backend);

    /// <summary>This process's platform with the backend that a folder holds: CUDA if its marker is there, else the CPU.</summary>
    /// <param name="folder">The folder with libtorch's libraries.</param>
    public static NativePlatform? ForFolder(string folder)
    {
        var cuda = Find(CurrentRid, "cuda");
        return cuda is not null && File.Exists(Path.Combine(folder, cuda.MarkerName)) ? cuda : Find(CurrentRid, "cpu");
    }
}
