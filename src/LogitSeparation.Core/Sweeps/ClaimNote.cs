namespace LogitSeparation.Core.Sweeps;

/// <summary>What stands in a claim.</summary>
/// <param name="Token">Drawn anew for each claim.</param>
/// <param name="Owner">Who claimed; a process that was started for the trial takes its starter's place.</param>
/// <param name="Started">When, by the owner's clock; for people to read.</param>
/// <param name="IsReleased">Whether the owner has let go.</param>
internal sealed record ClaimNote(string Token, ProcessIdentity Owner, DateTimeOffset Started, bool IsReleased);
