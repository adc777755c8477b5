namespace LogitSeparation.Core.Reports;

/// <summary>An axis.</summary>
public sealed record FigureAxis
{
    /// <summary>What is measured, with its unit.</summary>
    public required string Label { get; init; }

    /// <summary>What is measured in a word or two, for pictures in which the label has no room; null for the label, in smaller letters.</summary>
    public string? ShortLabel { get; init; }

    /// <summary>Whether equal distances are equal ratios; all values are then above 0.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>The lowest value shown; null to fit the data.</summary>
    public double? Minimum { get; init; }

    /// <summary>The highest value shown; null to fit the data.</summary>
    public double? Maximum { get; init; }

    /// <summary>The names at 0, 1, 2 …, where positions are things and not amounts; empty otherwise.</summary>
    public IReadOnlyList<string> Category { get; init; } = [];

    /// <summary>The values that get a tick; empty for round numbers.</summary>
    public IReadOnlyList<double> Tick { get; init; } = [];
}
