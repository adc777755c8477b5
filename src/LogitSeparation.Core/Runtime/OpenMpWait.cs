using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Runtime;

/// <summary>
/// Limits how long libtorch's threads on Linux wait for one another by spinning. GNU OpenMP spins for milliseconds before it
/// lets the processor go: with one core taken by another program, a step of the paper's MLP was measured to take a hundred
/// times as long. A limit of about the time between two operations costs nothing where the cores are free.
/// </summary>
internal static class OpenMpWait
{
    private const string SpinVariable = "GOMP_SPINCOUNT";
    private const string PolicyVariable = "OMP_WAIT_POLICY";
    private const string SpinCount = "10000";

    /// <summary>Sets the limit, unless the user chose one. To be called before GNU OpenMP is loaded, which reads it then.</summary>
    public static void Limit()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(PolicyVariable) is { Length: > 0 })
            return;

        // The process's own environment, which native code reads; .NET keeps a copy.
        _ = SetEnvironment(SpinVariable, SpinCount, overwrite: 0);
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
