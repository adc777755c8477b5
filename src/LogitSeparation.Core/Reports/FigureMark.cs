namespace LogitSeparation.Core.Reports;

/// <summary>A value of the horizontal axis that is marked with a line, or a range of them with a band.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="From">The value, or where the band starts.</param>
/// <param name="To">Where the band ends; equal to <paramref name="From"/> for a line.</param>
/// <param name="Color">Its colour.</param>
public sealed record FigureMark(string Name, double From, double To, FigureColor Color);
