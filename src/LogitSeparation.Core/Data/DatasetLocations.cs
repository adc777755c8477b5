namespace LogitSeparation.Core.Data;

/// <summary>Where data sets are looked for on this machine.</summary>
/// <param name="UserFolders">The folders that the user named in <c>SLC_DATA</c>.</param>
/// <param name="SystemFolders">The folders that packages of the system install data sets in.</param>
/// <param name="CacheFolder">Where downloads are kept; null where the user has no home folder.</param>
internal sealed record DatasetLocations(
    IReadOnlyList<string> UserFolders, IReadOnlyList<string> SystemFolders, string? CacheFolder)
{
    /// <summary>Folders of data sets, separated as in PATH.</summary>
    public const string DataVariable = "SLC_DATA";

    /// <summary>The folder of downloads, instead of the usual one.</summary>
    public const string CacheVariable = "SLC_CACHE";

    /// <summary>The locations that this process's environment gives.</summary>
    public static DatasetLocations FromEnvironment() => new(
        SplitFolders(Environment.GetEnvironmentVariable(DataVariable)), FindSystemFolders(), FindCacheFolder());

    /// <summary>A sentence, after a space, on the folders that the user named and that are not there; empty where all are.</summary>
    public static string DescribeMissing()
    {
        var missing = FromEnvironment().UserFolders.Where(folder => !Directory.Exists(folder)).Select(folder => $"'{folder}'").ToList();
        return missing.Count == 0 ? "" : $" {DataVariable} names {string.Join(" and ", missing)}, and there is no such folder.";
    }

    /// <summary>The folders in a list separated as in PATH; empty entries are skipped.</summary>
    internal static string[] SplitFolders(string? list) => Array.ConvertAll(
        (list ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Path.GetFullPath);

    private static string[] FindSystemFolders() => OperatingSystem.IsWindows()
        ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "datasets")]
        : ["/usr/local/share/datasets", "/opt/homebrew/share/datasets", "/usr/share/datasets"];

    private static string? FindCacheFolder()
    {
        if (Environment.GetEnvironmentVariable(CacheVariable) is { Length: > 0 } chosen)
            return Path.GetFullPath(chosen);

        var root = OperatingSystem.IsLinux() ? FindXdgCache() : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return string.IsNullOrEmpty(root) ? null : Path.Combine(root, "LogitSeparation", "datasets");
    }

    // XDG Base Directory Specification: a relative path is to be ignored.
    private static string? FindXdgCache()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache))
            return cache;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".cache");
    }
}
