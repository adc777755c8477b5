using LogitSeparation.Core.Networks;

namespace LogitSeparation.PowerShell;

/// <summary>The networks that a user named, with wildcards or without.</summary>
internal static class NetworkNames
{
    public static IReadOnlyList<string> Resolve(IEnumerable<string> patterns) =>
        NamePattern.Resolve(patterns, NetworkCatalog.Names, "network", "UnknownNetwork");

    /// <summary>The networks of these names without wildcards, where <see cref="NetworkCatalog.Auto"/> is one too.</summary>
    public static IReadOnlyList<string> ResolvePlain(IEnumerable<string> names) =>
        NamePattern.Resolve(names, [.. NetworkCatalog.Names, NetworkCatalog.Auto], "network", "UnknownNetwork");
}
