using System.Diagnostics;
using TorchSharp;

namespace LogitSeparation.Benchmarks;

/// <summary>Times two actions in turn, so that a change of the machine's speed meets both, and compares their medians.</summary>
internal sealed record Ratio(double Milliseconds, double BaselineMilliseconds)
{
    public double Value => Milliseconds / BaselineMilliseconds;

    /// <summary>Takes turns for at least a number of rounds and a time.</summary>
    public static Ratio Measure(Action action, Action baseline, int rounds = 30, double seconds = 2, int warmUp = 3)
    {
        var (times, baselineTimes) = (new List<double>(), new List<double>());
        for (var i = 0; i < warmUp; i++)
        {
            TimeOnce(action);
            TimeOnce(baseline);
        }

        var clock = Stopwatch.StartNew();
        while (times.Count < rounds || clock.Elapsed.TotalSeconds < seconds)
        {
            baselineTimes.Add(TimeOnce(baseline));
            times.Add(TimeOnce(action));
        }

        return new(Median(times), Median(baselineTimes));
    }

    /// <summary>Prints a line, with the target where there is one.</summary>
    public void Print(string what, string baseline, double? target)
    {
        var verdict = target is null ? "" : FormattableString.Invariant($"  (target <= {target:F2}) {(Value <= target ? "met" : "MISSED")}");
        Console.WriteLine(FormattableString.Invariant(
            $"{what,-44} {Milliseconds,9:F3} ms / {BaselineMilliseconds,9:F3} ms {baseline,-22} = {Value,6:F3}{verdict}"));
    }

    private static double TimeOnce(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        using (torch.NewDisposeScope())
            action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
