namespace LogitSeparation.Core.Reports;

/// <summary>
/// A picture as data: what is drawn, and not how. Panels stand side by side and share one legend. Rendering it is
/// <see cref="FigureFile"/>'s part.
/// </summary>
public sealed record Figure
{
    /// <summary>What the picture shows.</summary>
    public required string Title { get; init; }

    /// <summary>What it was made from, in smaller letters; may be empty.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>The panels, in reading order; at least one.</summary>
    public required IReadOnlyList<FigurePanel> Panel { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Title;
}
