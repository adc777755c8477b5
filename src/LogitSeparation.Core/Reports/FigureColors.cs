using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Reports;

/// <summary>Which series gets which colour.</summary>
internal static class FigureColors
{
    private static readonly FigureColor[] InOrder =
    [
        FigureColor.Blue, FigureColor.Vermillion, FigureColor.Green, FigureColor.Orange, FigureColor.SkyBlue, FigureColor.Purple,
        FigureColor.Ink, FigureColor.Grey,
    ];

    /// <summary>The losses of <see cref="LossCatalog.All"/> in its order: a loss looks the same in every figure.</summary>
    private static readonly FigureColor[] OfLosses =
    [
        FigureColor.Vermillion, FigureColor.Orange, FigureColor.SkyBlue, FigureColor.Green, FigureColor.Purple, FigureColor.Blue,
        FigureColor.Ink,
    ];

    /// <summary>A colour for each series.</summary>
    /// <param name="losses">The loss of each series; null where it is not known.</param>
    /// <returns>The losses' own colours where no two series would share one, and otherwise the palette in order.</returns>
    public static IReadOnlyList<FigureColor> Assign(IReadOnlyList<string?> losses)
    {
        var known = losses.Select(Find).ToList();
        return known.All(color => color is not null) && known.Distinct().Count() == known.Count
            ? [.. known.Select(color => color!.Value)]
            : [.. losses.Select((_, index) => InOrder[index % InOrder.Length])];
    }

    private static FigureColor? Find(string? loss)
    {
        for (var i = 0; i < LossCatalog.All.Count && i < OfLosses.Length; i++)
        {
            if (LossCatalog.All[i].Name.Equals(loss, StringComparison.OrdinalIgnoreCase))
                return OfLosses[i];
        }

        return null;
    }

    /// <summary>Dashes the lines whose colour an earlier one has, where there are more lines than colours.</summary>
    /// <param name="lines">The lines.</param>
    public static IReadOnlyList<FigureSeries> DashRepeated(IReadOnlyList<FigureSeries> lines) =>
        [.. lines.Select((line, i) => lines.Take(i).Any(other => other.Color == line.Color) ? line with { IsDashed = true } : line)];
}
