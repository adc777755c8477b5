namespace LogitSeparation.Core.Reports;

/// <summary>Points that belong together.</summary>
public sealed record FigureSeries
{
    /// <summary>The name in the legend. Series of one name, in any panel, look alike and share an entry.</summary>
    public required string Name { get; init; }

    /// <summary>How the points are drawn.</summary>
    public required FigureSeriesKind Kind { get; init; }

    /// <summary>The horizontal positions.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>The vertical positions; as many.</summary>
    public required IReadOnlyList<double> Y { get; init; }

    /// <summary>The lower ends of intervals around the measured value, of a line those of a band; empty, or as many. NaN where a point has none.</summary>
    public IReadOnlyList<double> Low { get; init; } = [];

    /// <summary>The upper ends.</summary>
    public IReadOnlyList<double> High { get; init; } = [];

    /// <summary>
    /// How far to the right of its positions it is drawn, in pixels of a picture of the usual size: intervals at one position stand side
    /// by side.
    /// </summary>
    public double Shift { get; init; }

    /// <summary>Which of the palette's colours and marker shapes.</summary>
    public required FigureColor Color { get; init; }

    /// <summary>How the line is broken: 0 not at all, 1 into dashes, 2 into dots, and from 3 on into dashes with that many less two dots between.</summary>
    public int Dash { get; init; }
}
