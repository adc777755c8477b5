namespace LogitSeparation.Core.Sweeps;

/// <summary>How an attempt at a trial ended.</summary>
/// <param name="State"><see cref="TrialState.Done"/> or <see cref="TrialState.Failed"/>.</param>
/// <param name="Token">The claim under which it ended.</param>
/// <param name="ErrorId">The error, where it failed.</param>
/// <param name="Error">The error's message, where it failed.</param>
internal sealed record TrialEnd(TrialState State, string Token, string? ErrorId = null, string? Error = null);
