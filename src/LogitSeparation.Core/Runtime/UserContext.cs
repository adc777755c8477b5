using System.Reflection;
using System.Runtime.Loader;

namespace LogitSeparation.Core.Runtime;

/// <summary>
/// Where a user's assembly lives. What the core has, TorchSharp above all, it shares with the core; the rest comes from beside the file.
/// A context of its own, so that a file that was built anew can be loaded beside what it was before.
/// </summary>
internal sealed class UserContext : AssemblyLoadContext
{
    private static readonly AssemblyLoadContext Core = GetLoadContext(typeof(UserContext).Assembly)!;

    private readonly AssemblyDependencyResolver _resolver;

    /// <summary>Makes a context.</summary>
    /// <param name="path">The assembly's file, in full.</param>
    public UserContext(string path) : base(Path.GetFileName(path)) => _resolver = new(path);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        try
        {
            return Core.LoadFromAssemblyName(assemblyName);
        }
        catch (FileNotFoundException)
        {
            return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
        }
    }

    /// <inheritdoc/>
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;
}
