namespace LogitSeparation.Core.Reports;

/// <summary>How large a figure is and what it is drawn on.</summary>
public sealed record FigureOptions
{
    /// <summary>The smallest width and height at which axes can be read.</summary>
    public const int SmallestSize = 200;

    /// <summary>The largest width and height.</summary>
    public const int LargestSize = 10_000;

    /// <summary>The width in pixels, 200 … 10,000.</summary>
    public int Width { get; init; } = 960;

    /// <summary>The height in pixels, 200 … 10,000.</summary>
    public int Height { get; init; } = 600;

    /// <summary>What it is drawn on.</summary>
    public FigureTheme Theme { get; init; }

    /// <summary>Refuses sizes that cannot be drawn.</summary>
    /// <exception cref="SlcException"><c>FigureSizeOutOfRange</c>.</exception>
    internal void Validate()
    {
        foreach (var (name, size) in new[] { (nameof(Width), Width), (nameof(Height), Height) })
        {
            if (size is < SmallestSize or > LargestSize)
            {
                throw new SlcException("FigureSizeOutOfRange", SlcErrorKind.InvalidArgument,
                    $"-{name} is {size} pixels, but must be {SmallestSize} to {LargestSize}.", name);
            }
        }
    }
}
