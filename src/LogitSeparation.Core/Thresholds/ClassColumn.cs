namespace LogitSeparation.Core.Thresholds;

/// <summary>The scores of a class, or why it has none.</summary>
/// <param name="Class">The class's column.</param>
/// <param name="Scores">The scores; null where there is an error.</param>
/// <param name="Error">The error, which is this class's alone; null where there are scores.</param>
internal readonly record struct ClassColumn(int Class, ClassScores? Scores, SlcException? Error);
