namespace LogitSeparation.Core.Inference;

/// <summary>What tells an example from the others.</summary>
/// <param name="Index">Its index or place.</param>
/// <param name="Path">Its file; null where it has none.</param>
/// <param name="Label">The name of its true class; null where that is not known.</param>
internal readonly record struct ExampleName(int Index, string? Path, string? Label);
