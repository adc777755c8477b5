namespace LogitSeparation.Core.Reports;

/// <summary>A column of a report's table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsNumber">Whether it holds numbers, which are aligned at the right.</param>
internal readonly record struct ReportColumn(string Name, bool IsNumber);
