using LogitSeparation.Core.Networks;

namespace LogitSeparation.PowerShell;

/// <summary>The networks that a user named, with wildcards or without.</summary>
internal static class NetworkNames
{
    public static IReadOnlyList<string> Resolve(IEnumerable<string> patterns) =>
        NamePattern.Resolve(patterns, NetworkCatalog.Names, "network", "UnknownNetwork");
}
