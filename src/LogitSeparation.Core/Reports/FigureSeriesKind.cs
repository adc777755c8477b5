namespace LogitSeparation.Core.Reports;

/// <summary>How a series is drawn.</summary>
public enum FigureSeriesKind
{
    /// <summary>A line through the points, and a band around it where it has intervals.</summary>
    Line,

    /// <summary>A line with a marker at each point, and intervals along the vertical axis where there are any.</summary>
    MarkedLine,

    /// <summary>The area between the points and 0: a histogram's outline.</summary>
    Area,

    /// <summary>Bars from 0 to the horizontal value, one at each vertical position, with intervals along the horizontal axis.</summary>
    Bar,
}
