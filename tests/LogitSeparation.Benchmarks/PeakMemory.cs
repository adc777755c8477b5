using System.Diagnostics;
using System.Globalization;

namespace LogitSeparation.Benchmarks;

/// <summary>The largest resident memory since a moment, as Linux keeps it; elsewhere since the process began.</summary>
internal static class PeakMemory
{
    private const string ResetFile = "/proc/self/clear_refs";
    private const string StatusFile = "/proc/self/status";

    /// <summary>Begins anew.</summary>
    /// <returns>The memory at this moment, in MiB.</returns>
    public static double Restart()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (OperatingSystem.IsLinux())
            File.WriteAllText(ResetFile, "5");
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1048576.0;
    }

    /// <summary>The peak, in MiB.</summary>
    public static double Read()
    {
        if (OperatingSystem.IsLinux())
        {
            var line = File.ReadLines(StatusFile).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1048576.0;
    }
}
