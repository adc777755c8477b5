using System.Globalization;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Sweeps;

/// <summary>What a trial's heartbeat says of how far it is.</summary>
/// <param name="Step">The number of steps taken.</param>
/// <param name="StepCount">The number of steps of the training.</param>
/// <param name="StepsPerSecond">The steps a second of late.</param>
internal sealed record TrialHeartbeat(int Step, int StepCount, double StepsPerSecond)
{
    /// <summary>Reads the newest; null before there is one that says so.</summary>
    public static TrialHeartbeat? TryRead(TrialFolder folder)
    {
        try
        {
            var words = File.ReadLines(folder.HeartbeatPath).ElementAtOrDefault(1)?.Split(' ');
            return words is { Length: 3 } && int.TryParse(words[0], CultureInfo.InvariantCulture, out var step)
                && int.TryParse(words[1], CultureInfo.InvariantCulture, out var count)
                && double.TryParse(words[2], CultureInfo.InvariantCulture, out var speed) ? new(step, count, speed) : null;
        }
        catch (Exception exception) when (FileFailure.IsFileFailure(exception))
        {
            return null;
        }
    }

    /// <summary>The text of the heartbeat's second line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Step} {StepCount} {StepsPerSecond:f2}");
}
