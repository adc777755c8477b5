using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace LogitSeparation.Loader;

/// <summary>
/// Leads requests for the core to its own load context while the module is imported. A nested module of its own, because
/// the hook has to be in place before PowerShell looks at the cmdlets' types.
/// </summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => AssemblyLoadContext.Default.Resolving += ResolveCore;

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => AssemblyLoadContext.Default.Resolving -= ResolveCore;

    private static Assembly? ResolveCore(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == CoreContext.CoreName ? CoreContext.Instance.LoadFromAssemblyName(name) : null;
}
