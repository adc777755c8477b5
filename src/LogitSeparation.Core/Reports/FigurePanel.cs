namespace LogitSeparation.Core.Reports;

/// <summary>One pair of axes and what is drawn between them.</summary>
public sealed record FigurePanel
{
    /// <summary>The panel's heading; empty where the figure's title says it.</summary>
    public string Title { get; init; } = "";

    /// <summary>A sentence under the heading: the number that the panel shows.</summary>
    public string Note { get; init; } = "";

    /// <summary>The horizontal axis.</summary>
    public required FigureAxis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required FigureAxis Y { get; init; }

    /// <summary>The curves, areas, points or bars.</summary>
    public required IReadOnlyList<FigureSeries> Series { get; init; }

    /// <summary>Values of the horizontal axis that are marked.</summary>
    public IReadOnlyList<FigureMark> Mark { get; init; } = [];
}
