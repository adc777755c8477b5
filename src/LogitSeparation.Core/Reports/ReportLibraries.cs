using System.Reflection;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Core.Reports;

/// <summary>The libraries that decide what comes out, and their versions.</summary>
internal static class ReportLibraries
{
    private const string Key = "TorchSharpVersion";

    /// <summary>TorchSharp and the libtorch that it uses; none where nothing was computed with them.</summary>
    public static IReadOnlyList<string> Read() => TorchRuntime.Version is { } version
        ? new[] { $"TorchSharp {TorchSharpVersion()}", $"libtorch {version}" }
        : Array.Empty<string>();

    private static string? TorchSharpVersion() =>
        typeof(ReportLibraries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == Key).Value;
}
