namespace LogitSeparation.Core.Reports;

/// <summary>How a series is told from the others of its figure.</summary>
/// <param name="Color">Its colour, which says its loss.</param>
/// <param name="Dash">Its <see cref="FigureSeries.Dash"/>, which tells series of one colour apart.</param>
internal readonly record struct FigureLook(FigureColor Color, int Dash);
