using System.Text.RegularExpressions;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Runtime;

/// <summary>A libtorch that the user has on the machine already: the unpacked archive, or the one of a Python install.</summary>
internal static class ForeignLibTorch
{
    private const string Variable = NativeLocation.Variable;
    private const int LongestVersionFile = 1 << 16;

    /// <summary>The folder that holds the libraries.</summary>
    /// <param name="folder">That folder, or the one that has it as <c>lib</c>.</param>
    /// <exception cref="SlcException">It is not there, holds no libtorch, or one of another version.</exception>
    public static string Find(string folder)
    {
        var platform = NativeLibraries.Find(NativeLibraries.CurrentRid, "cpu");
        if (platform is null)
            throw NativeRuntimeError.Missing(NativeLoader.NoPlatform(), NativeLibraries.CurrentRid);
        var full = LocalPath.Resolve(folder);
        string[] candidates = [full, Path.Combine(full, "lib")];
        var found = Array.Find(candidates, candidate => File.Exists(Path.Combine(candidate, platform.MarkerName)));
        if (found is null)
        {
            throw NativeRuntimeError.Missing(
                $"{Variable} names '{full}', where no libtorch is: '{platform.MarkerName}' lies neither there nor in its 'lib'. "
                + $"Let it name the folder of a libtorch {NativeLibraries.LibTorchVersion} (in a Python install: site-packages/torch), "
                + "or unset it to use the one that the build staged.",
                full);
        }

        CheckVersion(found);
        return found;
    }

    /// <summary>The version that a libtorch says it has, or null where it does not say.</summary>
    /// <param name="folder">The folder that holds the libraries.</param>
    /// <exception cref="SlcException"><c>NativeRuntimeBroken</c>: the file that says it cannot be read.</exception>
    public static string? ReadVersion(string folder)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) ?? folder;
        (string Path, string Pattern)[] places =
        [
            (Path.Combine(parent, "build-version"), @"^\s*(\d+\.\d+\.\d+)"),
            (Path.Combine(parent, "version.py"), @"__version__\s*=\s*['""](\d+\.\d+\.\d+)"),
        ];
        foreach (var (path, pattern) in places)
        {
            if (ReadText(path) is { } text && Regex.Match(text, pattern) is { Success: true } match)
                return match.Groups[1].Value;
        }

        return null;
    }

    private static string? ReadText(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length <= LongestVersionFile ? File.ReadAllText(path) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw NativeRuntimeError.Broken(
                $"'{path}', which says the version of the libtorch that {Variable} names, cannot be read: {failure.Message} "
                + $"Check its permissions, or unset {Variable} to use the libtorch that the build staged.",
                path, failure);
        }
    }

    // The binding calls C++ functions of libtorch, whose names and layouts change from one minor version to the next.
    private static void CheckVersion(string folder)
    {
        var version = ReadVersion(folder);
        if (version is null || MinorOf(version) == MinorOf(NativeLibraries.LibTorchVersion))
            return;
        throw NativeRuntimeError.Broken(
            $"{Variable} names the libtorch {version} in '{folder}'; version {NativeLibraries.LibTorchVersion} is needed. "
            + "Point it at that version, or unset it to use the one that the build staged.",
            folder);
    }

    private static string MinorOf(string version) => version[..version.LastIndexOf('.')];
}
