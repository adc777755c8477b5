using System.Globalization;
using LogitSeparation.Core.Latency;

namespace LogitSeparation.Core.Reports;

/// <summary>What answers cost against the number of classes: a line for each method, a panel for each number of features, batch and state of the caches.</summary>
public static class LatencyFigure
{
    private const double NanosecondsPerMicrosecond = 1000;

    /// <summary>The room around the data, as a factor.</summary>
    private const double Beside = 1.5;

    private static readonly Dictionary<LatencyMethod, (string Name, FigureColor Color, int Dash)> Looks = new()
    {
        [LatencyMethod.Trunk] = ("trunk", FigureColor.Grey, 0),
        [LatencyMethod.OneLogit] = ("one logit", FigureColor.Blue, 0),
        [LatencyMethod.SomeLogits] = ("some logits", FigureColor.SkyBlue, 0),
        [LatencyMethod.AllLogits] = ("all logits", FigureColor.Vermillion, 0),
        [LatencyMethod.Softmax] = ("softmax", FigureColor.Ink, 1),
        [LatencyMethod.BalancedTree] = ("balanced tree", FigureColor.Green, 0),
        [LatencyMethod.HuffmanTree] = ("Huffman tree", FigureColor.Green, 1),
        [LatencyMethod.AdaptiveSoftmax] = ("adaptive softmax", FigureColor.Orange, 0),
        [LatencyMethod.DifferentiatedSoftmax] = ("differentiated softmax", FigureColor.Purple, 0),
    };

    /// <summary>Creates the figure.</summary>
    /// <param name="measures">Measurements; those that were not made are left out.</param>
    /// <exception cref="SlcException"><c>FigureInputMissing</c>.</exception>
    public static Figure Create(IReadOnlyList<LatencyMeasure> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        var shown = measures.Where(measure => measure.Nanoseconds is > 0).ToList();
        FigureInput.Require(shown.Count, "measurements of Measure-SlcLatency");
        var (classes, times) = (Classes(shown), Times(shown));
        var panels = shown.GroupBy(Place).OrderBy(group => group.Key).ToList();
        return new Figure
        {
            Title = "Time of an answer against the number of classes",
            Subtitle = Describe(shown[0], name => !Differs(shown, name)),
            Panel =
            [
                .. panels.Select(group => new FigurePanel
                {
                    Title = panels.Count == 1 ? "" : Describe(group.First(), name => name != "processor" && Differs(shown, name)),
                    X = classes,
                    Y = times,
                    Series = [.. group.GroupBy(measure => measure.Method).OrderBy(method => method.Key).Select(Line)],
                }),
            ],
        };
    }

    private static (int Features, int Batch, CacheState Memory) Place(LatencyMeasure measure) => (measure.FeatureCount, measure.BatchSize, measure.Memory);

    private static FigureAxis Classes(IReadOnlyList<LatencyMeasure> shown)
    {
        double[] counts = [.. shown.Select(measure => (double)measure.ClassCount).Distinct().Order()];
        return new() { Label = "classes", IsLogarithmic = true, Tick = counts, Minimum = counts[0] / Beside, Maximum = counts[^1] * Beside };
    }

    // The same in all panels, so that they can be compared.
    private static FigureAxis Times(IReadOnlyList<LatencyMeasure> shown) => new()
    {
        Label = "time of a call (µs)",
        ShortLabel = "µs",
        IsLogarithmic = true,
        Minimum = shown.Min(measure => measure.Nanoseconds!.Value) / NanosecondsPerMicrosecond / Beside,
        Maximum = shown.Max(measure => measure.Nanoseconds!.Value) / NanosecondsPerMicrosecond * Beside,
    };

    private static FigureSeries Line(IGrouping<LatencyMethod, LatencyMeasure> method)
    {
        var (name, color, dash) = Looks[method.Key];
        var points = method.GroupBy(measure => measure.ClassCount).OrderBy(point => point.Key).ToList();
        return new()
        {
            Name = name,
            Kind = FigureSeriesKind.MarkedLine,
            X = [.. points.Select(point => (double)point.Key)],
            Y = [.. points.Select(point => point.Average(measure => measure.Nanoseconds!.Value) / NanosecondsPerMicrosecond)],
            Low = [.. points.Select(point => End(point.Min(measure => measure.LowerQuartile)))],
            High = [.. points.Select(point => End(point.Max(measure => measure.UpperQuartile)))],
            Color = color,
            Dash = dash,
        };
    }

    // What has no logarithm has no end.
    private static double End(double? nanoseconds) => nanoseconds is > 0 ? nanoseconds.Value / NanosecondsPerMicrosecond : double.NaN;

    private static bool Differs(IReadOnlyList<LatencyMeasure> shown, string name) =>
        shown.Select(measure => Parts(measure).First(part => part.Name == name).Text).Distinct().Count() > 1;

    private static string Describe(LatencyMeasure measure, Func<string, bool> isWanted) =>
        string.Join(", ", Parts(measure).Where(part => part.Text.Length > 0 && isWanted(part.Name)).Select(part => part.Text));

    private static (string Name, string Text)[] Parts(LatencyMeasure measure) =>
    [
        ("features", string.Create(CultureInfo.InvariantCulture, $"{measure.FeatureCount} features")),
        ("batch", measure.BatchSize == 1 ? "one example" : string.Create(CultureInfo.InvariantCulture, $"{measure.BatchSize} examples")),
        ("memory", measure.Memory == CacheState.Warm ? "caches warm" : "caches cold"),
        ("processor", measure.Processor),
    ];
}
