using Xunit;

namespace LogitSeparation.Core.Tests;

/// <summary>The folder <c>shared</c> beside the repository: reference values and data sets too large to commit.</summary>
internal static class SharedFolder
{
    /// <summary>Its full path, or null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The full path of a file or folder in it; skips the running test, with the reason, where it is absent.</summary>
    /// <param name="relative">The path below the folder, with forward slashes.</param>
    public static string Require(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root ?? ".", relative));
        Assert.SkipUnless(Root is not null && Path.Exists(path), $"'../shared/{relative}' is not there.");
        return path;
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "LogitSeparation.slnx")))
                continue;
            var shared = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared"));
            return Directory.Exists(shared) ? shared : null;
        }

        return null;
    }
}
