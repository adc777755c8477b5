namespace LogitSeparation.Core.Reports;

/// <summary>A cell of a report's table.</summary>
/// <param name="Text">What stands in it.</param>
/// <param name="IsBest">Whether it is the best of its column.</param>
internal readonly record struct ReportCell(string Text, bool IsBest);
