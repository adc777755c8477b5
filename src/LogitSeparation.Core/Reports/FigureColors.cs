using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Reports;

/// <summary>Which series gets which colour and dash.</summary>
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

    /// <summary>
    /// A look for each series: the colour of its loss, and for the second and each further series of a colour another dash. Losses that
    /// are not of the catalogue, and series of no known loss, take what colours are left, in order.
    /// </summary>
    /// <param name="losses">The loss of each series; null where it is not known.</param>
    /// <returns>As many looks, all different.</returns>
    public static IReadOnlyList<FigureLook> Assign(IReadOnlyList<string?> losses)
    {
        var taken = losses.Select(Find).OfType<FigureColor>().ToHashSet();
        var free = InOrder.Where(color => !taken.Contains(color)).Concat(InOrder).ToArray();
        var others = new Dictionary<string, FigureColor>(StringComparer.OrdinalIgnoreCase);
        var uses = new Dictionary<FigureColor, int>();
        var next = 0;
        var looks = new FigureLook[losses.Count];
        for (var i = 0; i < losses.Count; i++)
        {
            var color = Find(losses[i]) ?? Other(losses[i]);
            var dash = uses.GetValueOrDefault(color);
            uses[color] = dash + 1;
            looks[i] = new(color, dash);
        }

        return looks;

        FigureColor Other(string? loss)
        {
            if (loss is not null && others.TryGetValue(loss, out var known))
                return known;
            var color = free[next++ % free.Length];
            if (loss is not null)
                others.Add(loss, color);
            return color;
        }
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
}
