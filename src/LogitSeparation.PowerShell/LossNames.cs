using LogitSeparation.Core.Losses;

namespace LogitSeparation.PowerShell;

/// <summary>The losses that a user named, with wildcards or without.</summary>
internal static class LossNames
{
    private static readonly string[] Known = [.. LossCatalog.All.Select(loss => loss.Name)];

    public static IReadOnlyList<string> Resolve(IEnumerable<string> patterns) =>
        NamePattern.Resolve(patterns, Known, "loss", "UnknownLoss");
}
