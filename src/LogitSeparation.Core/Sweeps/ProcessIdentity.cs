using System.ComponentModel;
using System.Globalization;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// A process, so that another can tell whether it is still there: the number alone does not tell, since systems give numbers
/// again.
/// </summary>
/// <param name="Host">The machine, and on Linux the name space that the number belongs to: containers may share a host's name.</param>
/// <param name="Process">The process's number.</param>
/// <param name="Start">When it started, in units of the system's own.</param>
internal sealed record ProcessIdentity(string Host, int Process, string Start)
{
    private static readonly string ThisHost = FindHost();

    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = new(ThisHost, Environment.ProcessId, FindStart(Environment.ProcessId) ?? "");

    /// <summary>Whether it runs, or ran, where this process can see it.</summary>
    public bool IsOnThisHost => Host == ThisHost;

    /// <summary>Whether it is known to have ended; false where it cannot be seen from here.</summary>
    public bool IsGone => IsOnThisHost && FindStart(Process) != Start;

    private static string FindHost()
    {
        var space = OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget : null;
        return space is null ? Environment.MachineName : $"{Environment.MachineName} {space}";
    }

    // Null where there is no such process, or it has ended and only waits for its parent to notice.
    private static string? FindStart(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return ReadLinux(process);
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return found.HasExited ? null : found.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception or IOException
            or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The name, in parentheses, may hold anything; after it come the state and, as the twentieth, the start in clock ticks since boot.
    private static string? ReadLinux(int process)
    {
        var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : fields[19];
    }
}
