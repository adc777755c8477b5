using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using LogitSeparation.Core;

namespace LogitSeparation.PowerShell;

/// <summary>A file that is about to be written, or was.</summary>
internal static class TargetFile
{
    /// <summary>An opener that fails does so at once, and one that does not may stay as long as its program.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Makes sure that it may be written.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="noClobber">Whether a file that is there is kept.</param>
    /// <param name="force">Whether a read-only file is replaced and folders are made.</param>
    /// <exception cref="SlcException"><c>FileExists</c>, <c>FileReadOnly</c>, <c>NotWritable</c>.</exception>
    public static void Prepare(string path, bool noClobber, bool force)
    {
        Check(path, noClobber, force);
        try
        {
            if (force)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                MakeWritable(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SlcException("NotWritable", SlcErrorKind.WriteFailed, $"'{path}' cannot be written: {error.Message}", path, error);
        }
    }

    /// <summary>Refuses a file that is kept, and changes nothing.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="noClobber">Whether a file that is there is kept.</param>
    /// <param name="force">Whether a read-only file is replaced and folders are made.</param>
    /// <exception cref="SlcException"><c>FileExists</c>, <c>FileReadOnly</c>, <c>NotWritable</c>.</exception>
    public static void Check(string path, bool noClobber, bool force)
    {
        if (noClobber && File.Exists(path))
            throw new SlcException("FileExists", SlcErrorKind.WriteFailed, $"'{path}' exists, and -NoClobber forbids to replace it.", path);
        if (!force && new FileInfo(path) is { Exists: true, IsReadOnly: true })
        {
            throw new SlcException("FileReadOnly", SlcErrorKind.WriteFailed,
                $"'{path}' is read-only: use -Force to replace it all the same.", path);
        }

        if (!force && Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
        {
            throw new SlcException("NotWritable", SlcErrorKind.WriteFailed,
                $"'{path}' cannot be written: there is no folder '{folder}'. Make it, or use -Force.", path);
        }
    }

    /// <summary>Opens it with the program that the system has for it.</summary>
    /// <param name="path">The full path.</param>
    /// <exception cref="SlcException"><c>FileNotShown</c>.</exception>
    public static void Open(string path)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(path) { UseShellExecute = true });
            // xdg-open starts where there is no desktop too, and then ends with an error.
            if (!OperatingSystem.IsWindows() && process?.WaitForExit(Patience) == true && process.ExitCode != 0)
                throw NotShown(path, $"the system's opener ended with code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}.", null);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or FileNotFoundException)
        {
            throw NotShown(path, error.Message, error);
        }
    }

    private static SlcException NotShown(string path, string why, Exception? inner) => new("FileNotShown", SlcErrorKind.Unavailable,
        $"'{path}' was written, but no program opened it: {why} Open it yourself, or leave out -Show.", path, inner);

    private static void MakeWritable(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists)
            file.IsReadOnly = false;
    }
}
