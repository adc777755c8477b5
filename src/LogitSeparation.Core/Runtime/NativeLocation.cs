namespace LogitSeparation.Core.Runtime;

/// <summary>
/// Where the native libraries are. In this order: <c>SLC_LIBTORCH</c> for libtorch itself; a folder <c>native</c> beside
/// LogitSeparation.Core.dll (a package carries one); the folder named by <c>LogitSeparation.native.txt</c> beside it
/// (the build writes that, so that output folders need no copy of 500 MB).
/// </summary>
/// <param name="Torch">The folder of libtorch.</param>
/// <param name="Binding">The folder of TorchSharp's own library.</param>
/// <param name="IsForeign">Whether libtorch is the user's own, from <c>SLC_LIBTORCH</c>.</param>
internal sealed record NativeLocation(string Torch, string Binding, bool IsForeign)
{
    /// <summary>The environment variable that names a folder with a libtorch.</summary>
    public const string Variable = "SLC_LIBTORCH";

    /// <summary>The file beside the core's assembly that holds the path of the staged folder.</summary>
    public const string PointerName = "LogitSeparation.native.txt";

    private const string FolderName = "native";

    /// <summary>Finds the folders.</summary>
    /// <param name="assemblyFolder">The folder of LogitSeparation.Core.dll.</param>
    /// <param name="libTorch">The value of <c>SLC_LIBTORCH</c>; null or blank where it is not set.</param>
    /// <exception cref="SlcException"><c>NativeRuntimeMissing</c> or <c>NativeRuntimeBroken</c>.</exception>
    public static NativeLocation Find(string assemblyFolder, string? libTorch)
    {
        var staged = FindStaged(assemblyFolder);
        return string.IsNullOrWhiteSpace(libTorch)
            ? new NativeLocation(staged, staged, IsForeign: false)
            : new NativeLocation(ForeignLibTorch.Find(libTorch), staged, IsForeign: true);
    }

    private static string FindStaged(string assemblyFolder)
    {
        var beside = Path.Combine(assemblyFolder, FolderName);
        if (Directory.Exists(beside))
            return beside;
        var pointer = Path.Combine(assemblyFolder, PointerName);
        var target = ReadPointer(pointer);
        if (target is null)
        {
            throw NativeRuntimeError.Missing(
                $"There are no native libraries for the core: neither the folder '{beside}' nor the file '{pointer}' exists. "
                + "Build the project again (dotnet build).",
                pointer);
        }

        if (Directory.Exists(target))
            return target;
        throw NativeRuntimeError.Missing(
            $"The folder of native libraries '{target}', named in '{pointer}', does not exist. "
            + "Build the project again (dotnet build); after moving the repository that is needed once.",
            target);
    }

    private static string? ReadPointer(string pointer)
    {
        try
        {
            var text = File.ReadAllText(pointer).Trim();
            if (text.Length > 0 && Path.IsPathFullyQualified(text) && !text.Contains('\n', StringComparison.Ordinal))
                return text;
            throw NativeRuntimeError.Broken($"'{pointer}' should hold one absolute path. Build the project again (dotnet build).", pointer);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NativeRuntimeError.Broken($"'{pointer}' cannot be read: {exception.Message}", pointer, exception);
        }
    }
}
