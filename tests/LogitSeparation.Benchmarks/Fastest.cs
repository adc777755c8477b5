using System.Diagnostics;

namespace LogitSeparation.Benchmarks;

/// <summary>The fastest of several runs.</summary>
internal static class Fastest
{
    private const double Seconds = 1;

    /// <summary>The first rounds run code that is not compiled for speed yet.</summary>
    private const int FewestRounds = 8;

    /// <summary>Runs an action again and again.</summary>
    /// <param name="action">What to run.</param>
    /// <returns>The shortest time, in seconds.</returns>
    public static double Of(Action action)
    {
        var fastest = double.PositiveInfinity;
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < FewestRounds || clock.Elapsed.TotalSeconds < Seconds; round++)
            fastest = Math.Min(fastest, Once(action));
        return fastest;
    }

    /// <summary>Runs an action.</summary>
    /// <param name="action">What to run.</param>
    /// <returns>The time, in seconds.</returns>
    public static double Once(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
