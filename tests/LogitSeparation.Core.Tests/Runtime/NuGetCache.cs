using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

/// <summary>The user's package folder, whose packages the tests look into where they are there.</summary>
internal static class NuGetCache
{
    private static readonly string Root =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>A package's folder; skips the test, with the reason, where the package is not there.</summary>
    public static string Require(string package, string version)
    {
        var folder = Path.Combine(Root, package, version);
        Assert.SkipUnless(Directory.Exists(folder), $"the package {package} {version} is not in {Root}");
        return folder;
    }

    /// <summary>TorchSharp's own library for a platform.</summary>
    public static string RequireBinding(string rid, string name) =>
        Path.Combine(Require("torchsharp", "0.107.0"), "runtimes", rid, "native", name);
}
