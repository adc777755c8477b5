using System.Reflection;
using System.Runtime.Loader;

namespace LogitSeparation.Loader;

/// <summary>
/// The load context of the core and of all that it brings (TorchSharp, SkiaSharp, Protobuf …), so that another module's
/// version of one of them never meets ours. One for the process: a re-import, and other runspaces, find the same types.
/// </summary>
internal sealed class CoreContext : AssemblyLoadContext
{
    public const string CoreName = "LogitSeparation.Core";

    private readonly AssemblyDependencyResolver _resolver;

    private CoreContext(string corePath) : base(CoreName) => _resolver = new AssemblyDependencyResolver(corePath);

    public static CoreContext Instance { get; } = new(Path.Combine(
        Path.GetDirectoryName(typeof(CoreContext).Assembly.Location)!, "core", CoreName + ".dll"));

    /// <summary>What the core's folder has comes from there; the rest (the runtime itself) from the default context.</summary>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;
}
