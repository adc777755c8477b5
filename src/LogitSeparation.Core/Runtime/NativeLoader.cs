using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Runtime;

/// <summary>Checks a platform's native libraries and loads them by full path, dependencies first.</summary>
internal static class NativeLoader
{
    /// <summary>Says which platforms there are, for one that has no libtorch.</summary>
    public static string NoPlatform() =>
        $"There is no libtorch {NativeLibraries.LibTorchVersion} for this platform ({NativeLibraries.CurrentRid}). "
        + $"It exists for {string.Join(", ", NativeLibraries.Platforms.Select(platform => platform.Rid).Distinct())}.";

    /// <summary>The libraries to load, in order, after a look at each of them.</summary>
    /// <param name="platform">What is needed.</param>
    /// <param name="location">Where it is.</param>
    /// <exception cref="SlcException">One is missing, empty or cut off.</exception>
    public static IReadOnlyList<(NativeFile File, string Path)> Check(NativePlatform platform, NativeLocation location)
    {
        var found = new List<(NativeFile, string)>();
        foreach (var file in platform.Files)
        {
            var path = PathOf(file, location);
            if (IsUsable(file, path, location))
                found.Add((file, path));
        }

        return found;
    }

    /// <summary>Loads the libraries.</summary>
    /// <param name="files">What <see cref="Check"/> found.</param>
    /// <returns>The binding's handle.</returns>
    /// <exception cref="SlcException"><c>NativeRuntimeBroken</c>: the system's loader refused one.</exception>
    public static nint Load(IReadOnlyList<(NativeFile File, string Path)> files)
    {
        nint binding = 0;
        foreach (var (file, path) in files)
        {
            if (file.Role == NativeRole.Beside)
                continue;
            if (file.Role == NativeRole.Preload)
                NativeLibrary.TryLoad(path, out _);
            else
                binding = Load(path);
        }

        return binding;
    }

    private static string PathOf(NativeFile file, NativeLocation location) =>
        Path.Combine(file.Role == NativeRole.Binding ? location.Binding : location.Torch, file.Name);

    private static bool IsUsable(NativeFile file, string path, NativeLocation location)
    {
        string? damage;
        try
        {
            damage = NativeImage.FindDamage(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // A foreign libtorch is built with, and finds by itself, dependencies of its own names.
            if (location.IsForeign && file.Role is not (NativeRole.Torch or NativeRole.Binding))
                return false;
            throw NativeRuntimeError.Missing(
                $"The native library '{path}' is missing{LinkNote(path)}. {Remedy(file, location)}", path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NativeRuntimeError.Broken(
                $"The native library '{path}' cannot be read: {exception.Message} {Remedy(file, location)}", path, exception);
        }

        if (damage is null)
            return true;
        throw NativeRuntimeError.Broken(
            $"The native library '{path}' is damaged: {damage}{LinkNote(path)}. {Remedy(file, location)}", path);
    }

    private static string LinkNote(string path) =>
        new FileInfo(path).LinkTarget is { } target ? $" (it is a link to '{target}')" : "";

    private static string Remedy(NativeFile file, NativeLocation location) =>
        location.IsForeign && file.Role != NativeRole.Binding
            ? $"Install libtorch {NativeLibraries.LibTorchVersion} again, or unset {NativeLocation.Variable}."
            : $"Delete '{location.Binding}' and build the project again (dotnet build); if a package folder that it links to "
              + "is damaged, delete that too, and the build restores it.";

    private static nint Load(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw NativeRuntimeError.Broken(
                $"The native library '{path}' could not be loaded. {Explain(exception.Message)}", path, exception);
        }
    }

    private static string Explain(string message)
    {
        var detail = LastLine(message);
        if (message.Contains("GLIBCXX_", StringComparison.Ordinal))
        {
            return $"The system's C++ runtime is too old for it ({detail}). Install a libstdc++ of GCC 13 or later; the build "
                + "mends its own copy where that is safe, so delete the staged folder and build again (dotnet build).";
        }

        if (OperatingSystem.IsWindows())
            return $"{detail} Install the Microsoft Visual C++ Redistributable (2015-2022) for this processor if it is missing.";
        return $"The system says: {detail}";
    }

    // On Unix the runtime reports every place that it tried; the last line is about the path that was asked for.
    private static string LastLine(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(line => line.Contains(": ", StringComparison.Ordinal)) ?? message;
}
