using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace LogitSeparation.Core.Runtime;

/// <summary>The processor's name, as its maker has it.</summary>
internal static partial class ProcessorName
{
    /// <summary>Reads it; the architecture (<c>X64</c>) where the system does not tell.</summary>
    public static string Read()
    {
        var name = OperatingSystem.IsMacOS() ? ReadMacOS() : OperatingSystem.IsWindows() ? ReadWindows() : ReadLinux();
        return string.IsNullOrWhiteSpace(name) ? RuntimeInformation.ProcessArchitecture.ToString() : name.Trim();
    }

    private static string? ReadLinux()
    {
        try
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [SupportedOSPlatform("windows")]
    private static string? ReadWindows() =>
        Microsoft.Win32.Registry.GetValue(
            @"HKEY_LOCAL_MACHINE\HARDWARE\DESCRIPTION\System\CentralProcessor\0", "ProcessorNameString", null) as string;

    private static string? ReadMacOS()
    {
        var buffer = new byte[256];
        nint length = buffer.Length;
        if (SystemControl("machdep.cpu.brand_string", buffer, ref length, 0, 0) != 0)
            return null;
        return Encoding.UTF8.GetString(buffer, 0, (int)length).TrimEnd('\0');
    }

    [LibraryImport("libSystem.dylib", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SystemControl(string name, byte[] value, ref nint length, nint newValue, nint newLength);
}
