using System.Globalization;

namespace LogitSeparation.Core.Runtime;

/// <summary>How much memory can still be had without taking it from others.</summary>
internal static class AvailableMemory
{
    private const string Line = "MemAvailable:";
    private const long Kilobyte = 1024;

    /// <summary>Asks the system; where it does not tell, what the runtime saw when it last collected.</summary>
    public static long Read()
    {
        var runtime = GC.GetGCMemoryInfo();
        var limit = runtime.TotalAvailableMemoryBytes - Environment.WorkingSet;
        return ReadLinux() is { } available ? Math.Min(available, limit) : Math.Min(limit, runtime.TotalAvailableMemoryBytes - runtime.MemoryLoadBytes);
    }

    private static long? ReadLinux()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal));
            var number = line?[Line.Length..].Trim().Split(' ')[0];
            return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * Kilobyte : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
