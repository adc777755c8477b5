using System.Management.Automation;
using LogitSeparation.Core;

namespace LogitSeparation.PowerShell;

/// <summary>PowerShell's paths (relative to its own location, on drives of its own) as paths of the file system.</summary>
internal static class FilePaths
{
    private const string FileSystem = "FileSystem";

    /// <summary>The path of a file or folder that need not exist; wildcards are plain characters.</summary>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        try
        {
            var resolved = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return RequireFileSystem(resolved, provider, path);
        }
        catch (Exception error) when (IsWrongPath(error))
        {
            throw new SlcException("PathNotFound", SlcErrorKind.NotFound, $"'{path}' is no path: {error.Message}", path, error);
        }
    }

    /// <summary>The paths of existing files that match.</summary>
    public static IReadOnlyList<string> ResolveWildcards(PSCmdlet cmdlet, string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
            return [Resolve(cmdlet, path)];
        IReadOnlyList<string> found;
        try
        {
            found = [.. cmdlet.GetResolvedProviderPathFromPSPath(path, out var provider).Select(file => RequireFileSystem(file, provider, path))];
        }
        catch (Exception error) when (IsWrongPath(error))
        {
            throw new SlcException("PathNotFound", SlcErrorKind.NotFound, $"'{path}' cannot be resolved: {error.Message}", path, error);
        }

        return found.Count > 0
            ? found
            : throw new SlcException("PathNotFound", SlcErrorKind.NotFound, $"No file matches '{path}'.", path);
    }

    private static bool IsWrongPath(Exception error) =>
        error is SessionStateException or ProviderInvocationException or PSNotSupportedException or PSArgumentException;

    private static string RequireFileSystem(string resolved, ProviderInfo provider, string path) =>
        provider.Name == FileSystem
            ? resolved
            : throw new SlcException("NotAFilePath", SlcErrorKind.InvalidArgument,
                $"'{path}' is a path of the provider {provider.Name}; a path of the file system is needed.", path);
}
