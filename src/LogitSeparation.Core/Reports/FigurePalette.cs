using ScottPlot;

namespace LogitSeparation.Core.Reports;

/// <summary>The colours of a theme as they are drawn.</summary>
internal sealed class FigurePalette
{
    private static readonly FigurePalette Light = new()
    {
        Background = Color.FromHex("#FFFFFF"),
        Text = Color.FromHex("#1F2328"),
        Muted = Color.FromHex("#59636E"),
        Axis = Color.FromHex("#818B98"),
        Grid = Color.FromHex("#E4E7EB"),
        Series = ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#1F2328", "#8C959F"],
    };

    // Blue and grey are lifted: on black, #0072B2 has too little contrast.
    private static readonly FigurePalette Dark = new()
    {
        Background = Color.FromHex("#0D1117"),
        Text = Color.FromHex("#E6EDF3"),
        Muted = Color.FromHex("#9EA7B3"),
        Axis = Color.FromHex("#6E7681"),
        Grid = Color.FromHex("#262C34"),
        Series = ["#3D9BE0", "#E8702A", "#1DBF91", "#F0B429", "#8FD0F5", "#DD93BD", "#F0F3F6", "#8B949E"],
    };

    private static readonly MarkerShape[] Markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown, MarkerShape.OpenCircle, MarkerShape.OpenSquare, MarkerShape.OpenDiamond,
    ];

    public required Color Background { get; init; }

    public required Color Text { get; init; }

    public required Color Muted { get; init; }

    public required Color Axis { get; init; }

    public required Color Grid { get; init; }

    private string[] Series { get; init; } = [];

    public static FigurePalette Of(FigureTheme theme) => theme == FigureTheme.Dark ? Dark : Light;

    /// <summary>Each colour of the light theme with that which takes its place in the dark one; text before a series of its colour.</summary>
    public static IEnumerable<(string Light, string Dark)> Pairs() =>
        Light.All().Zip(Dark.All()).DistinctBy(pair => pair.First).Select(pair => (pair.First, pair.Second));

    public static MarkerShape Marker(FigureColor color) => Markers[(int)color];

    private IEnumerable<string> All() =>
        new[] { Background, Text, Muted, Axis, Grid }.Select(color => $"#{color.R:X2}{color.G:X2}{color.B:X2}").Concat(Series);

    public Color this[FigureColor color] => Color.FromHex(Series[(int)color]);
}
