using System.ComponentModel;
using System.Globalization;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// A process, so that another can tell whether it is still there: the number alone does not tell, since systems give numbers
/// again.
/// </summary>
/// <param name="Host">The machine, and the name space that the number belongs to (<see cref="HostIdentity"/>).</param>
/// <param name="Process">The process's number.</param>
/// <param name="Start">When it started, in units of the system's own.</param>
internal sealed record ProcessIdentity(string Host, int Process, string Start)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = new(HostIdentity.Current, Environment.ProcessId, FindStart(Environment.ProcessId) ?? "");

    /// <summary>Whether it runs, or ran, where this process can see it.</summary>
    public bool IsOnThisHost => Host == HostIdentity.Current;

    /// <summary>
    /// Whether it looks as if it had ended: it cannot be seen where it should be. Systems may hide the processes of other users
    /// (hidepid on Linux), so this alone is no proof. False where it could not be seen in any case.
    /// </summary>
    public bool IsGone => IsOnThisHost && FindStart(Process) != Start;

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
