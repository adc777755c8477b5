namespace LogitSeparation.Core.Sweeps;

/// <summary>How far a sweep is.</summary>
/// <param name="Ended">The number of trials that have ended.</param>
/// <param name="Count">The number of trials.</param>
/// <param name="Running">What this process has at work, in words; empty while it waits for others.</param>
/// <param name="Share">The part of all steps that is done, 0 to 1.</param>
/// <param name="Remaining">The time left at the present speed; null where it is not known.</param>
public sealed record SweepProgress(int Ended, int Count, string Running, double Share, TimeSpan? Remaining);
