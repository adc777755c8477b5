using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace LogitSeparation.Core.Runtime;

/// <summary>Loads libtorch when it is first needed.</summary>
internal static class TorchRuntime
{
    private const string BindingName = "LibTorchSharp";

    private static readonly object Gate = new();
    private static volatile bool _loaded;
    private static bool _resolving;
    private static nint _binding;
    private static NativePlatform? _platform;
    private static string? _version;

    /// <summary>The platform and backend that were loaded; null before.</summary>
    public static NativePlatform? Platform => _loaded ? _platform : null;

    /// <summary>The version of the libtorch that was loaded; null before.</summary>
    public static string? Version => _loaded ? _version : null;

    /// <summary>
    /// Makes sure that libtorch is loaded; every entry into code that uses tensors calls this first. Any thread may; after
    /// the first time it costs a field read. After a failure the next call tries again.
    /// </summary>
    /// <exception cref="SlcException">
    /// <c>NativeRuntimeMissing</c> or <c>NativeRuntimeBroken</c>: what is missing and what to install.
    /// </exception>
    public static void EnsureLoaded()
    {
        if (_loaded)
            return;
        lock (Gate)
        {
            if (_loaded)
                return;
            Load();
            _loaded = true;
        }
    }

    private static void Load()
    {
        // The core's own place, not the program's: the core may live in a load context of its own, in another folder.
        var folder = Path.GetDirectoryName(typeof(TorchRuntime).Assembly.Location)!;
        var location = NativeLocation.Find(folder, Environment.GetEnvironmentVariable(NativeLocation.Variable));
        var platform = NativeLibraries.ForFolder(location.Torch)
            ?? throw NativeRuntimeError.Missing(NativeLoader.NoPlatform(), NativeLibraries.CurrentRid);
        OpenMpWait.Limit();
        _binding = NativeLoader.Load(NativeLoader.Check(platform, location));
        _platform = platform;
        // One of the user's own that does not say is of the same minor version, or would not have loaded.
        _version = (location.IsForeign ? ForeignLibTorch.ReadVersion(location.Torch) : null) ?? NativeLibraries.LibTorchVersion;
        ResolveBinding();
        InitializeTorch(location);
        LimitThreads();
    }

    // TorchSharp first looks its library up by name, which asks the load context, and then by P/Invoke, which asks the
    // assembly's resolver. Both get the handle that is loaded already.
    private static void ResolveBinding()
    {
        if (_resolving)
            return;
        var torchSharp = typeof(torch).Assembly;
        NativeLibrary.SetDllImportResolver(torchSharp, static (name, _, _) => name == BindingName ? _binding : 0);
        AssemblyLoadContext.GetLoadContext(torchSharp)!.ResolvingUnmanagedDll += static (_, name) => name == BindingName ? _binding : 0;
        _resolving = true;
    }

    private static void InitializeTorch(NativeLocation location)
    {
        // Were this lookup to fail, TorchSharp would copy half a gigabyte and print a page of trace before it gave up.
        Assembly torchSharp = typeof(torch).Assembly;
        if (!NativeLibrary.TryLoad(BindingName, torchSharp, null, out _))
        {
            throw NativeRuntimeError.Broken(
                $"TorchSharp does not find its library, though it was loaded from '{location.Binding}'.", location.Binding);
        }

        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception exception) when (exception is NotSupportedException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw NativeRuntimeError.Broken(
                $"TorchSharp could not start libtorch from '{location.Torch}': {exception.Message}", location.Torch, exception);
        }
    }

    // libtorch takes one thread for each physical core of the machine. In a container, or bound to some of the cores, that
    // is too many; what the user asked for by the usual variables stands.
    private static void LimitThreads()
    {
        var isChosen = Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("MKL_NUM_THREADS") is { Length: > 0 };
        if (!isChosen && torch.get_num_threads() > Environment.ProcessorCount)
            torch.set_num_threads(Environment.ProcessorCount);
    }
}
