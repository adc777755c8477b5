using System.Net.NetworkInformation;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// What tells this machine from all others that may see its processes' numbers in a shared folder. Names are given twice, machines are
/// copied with their identifiers, and containers share a kernel: so all that there is, joined. Where any of it changes, as the boot does,
/// processes of before count as another machine's.
/// </summary>
internal static class HostIdentity
{
    private const string Unknown = "-";

    /// <summary>This machine: its name, a space, and what else there is.</summary>
    public static string Current { get; } = Find();

    private static string Find() => string.Join(' ', OperatingSystem.IsLinux()
        ? [Environment.MachineName, new FileInfo("/proc/self/ns/pid").LinkTarget ?? Unknown, Read("/etc/machine-id"), Read("/proc/sys/kernel/random/boot_id")]
        : [Environment.MachineName, FindAddress()]);

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } text ? text : Unknown;
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            return Unknown;
        }
    }

    // The lowest address of the machine's network adapters.
    private static string FindAddress()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces().Where(adapter => adapter.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .Select(adapter => adapter.GetPhysicalAddress().ToString()).Where(address => address.Length > 0).Min(StringComparer.Ordinal) ?? Unknown;
        }
        catch (NetworkInformationException)
        {
            return Unknown;
        }
    }
}
