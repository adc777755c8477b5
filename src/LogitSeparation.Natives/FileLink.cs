using System.Runtime.InteropServices;

namespace LogitSeparation.Natives;

/// <summary>Makes a file appear in a second place, without a second copy of its bytes where the system allows it.</summary>
internal static partial class FileLink
{
    /// <summary>Links (on Windows by a hard link, or else by a copy), beside and then renamed.</summary>
    /// <param name="source">The file.</param>
    /// <param name="target">Where it shall appear; what is there is replaced.</param>
    public static void Create(string source, string target)
    {
        var fresh = Fresh(target);
        if (!OperatingSystem.IsWindows())
            File.CreateSymbolicLink(fresh, source);
        else if (!CreateHardLink(fresh, source, 0))
            Copy(source, fresh);
        File.Move(fresh, target, overwrite: true);
    }

    /// <summary>Whether the target shows that file already.</summary>
    /// <param name="source">The file.</param>
    /// <param name="target">Where it shall appear.</param>
    public static bool IsCurrent(string source, string target)
    {
        var info = new FileInfo(target);
        if (!OperatingSystem.IsWindows())
            return info.LinkTarget == source;
        var original = new FileInfo(source);
        return info.Exists && info.Length == original.Length && info.LastWriteTimeUtc == original.LastWriteTimeUtc;
    }

    /// <summary>A name beside the target for what is not finished yet, this process's own.</summary>
    /// <param name="target">The target.</param>
    public static string Fresh(string target)
    {
        var fresh = $"{target}.{Environment.ProcessId}.new";
        File.Delete(fresh);
        return fresh;
    }

    private static void Copy(string source, string target)
    {
        File.Copy(source, target);
        var (expected, actual) = (new FileInfo(source).Length, new FileInfo(target).Length);
        if (expected != actual)
            throw new IOException($"'{target}' has {actual} bytes after copying '{source}', which has {expected}.");
    }

    [LibraryImport("kernel32.dll", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string fileName, string existingFileName, nint securityAttributes);
}
