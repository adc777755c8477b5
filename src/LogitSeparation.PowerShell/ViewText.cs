using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Reports;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>
/// The texts of cells, for views alone. All views write numbers alike, with a point, whatever the culture: they stand beside code and
/// beside the paper's tables.
/// </summary>
public static partial class ViewText
{
    /// <summary>What a list has room for at 80 columns beside labels of up to 10 letters.</summary>
    private const int ListWidth = 66;

    /// <summary>The same beside labels of up to 20.</summary>
    private const int NarrowListWidth = 56;

    private const int NarrowestHost = 80;

    // From here on a tenth of a minute tells nothing, and "~44.5 min" would not fit its column.
    private const double MostMinutes = 9.95;

    private const double SmallestP = 0.0001;
    private const double SmallestShare = 0.00001;

    /// <summary>A number; empty where there is none.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">A format of .NET.</param>
    public static string Number(object? value, string format = "G4") => Plain(value) switch
    {
        null => "",
        double.PositiveInfinity or float.PositiveInfinity => "∞",
        double.NegativeInfinity or float.NegativeInfinity => "-∞",
        IFormattable number => number.ToString(format, CultureInfo.InvariantCulture),
        var other => other.ToString() ?? "",
    };

    /// <summary>One minus a measure; empty where there is none.</summary>
    /// <param name="measure">The measure.</param>
    public static string OneMinus(object? measure) => Plain(measure) is double value ? Number(1 - value, "F4") : "";

    /// <summary>A share in percent; empty where there is none.</summary>
    /// <param name="share">The share.</param>
    public static string Percent(object? share) => Plain(share) is double value ? Number(100 * value, "F1") + "%" : "";

    /// <summary>A share that may be small, and is then not shown as none.</summary>
    /// <param name="share">The share, 0 … 1.</param>
    public static string SmallShare(object? share) => Plain(share) switch
    {
        double and > 0 and < SmallestShare => $"<{Number(100 * SmallestShare, "F3")}%",
        double value => Number(100 * value, "F3") + "%",
        _ => "",
    };

    /// <summary>A p-value; one that is small is not shown as 0.</summary>
    /// <param name="probability">The p-value.</param>
    public static string PValue(object? probability) =>
        Plain(probability) is double and < SmallestP ? "<" + Number(SmallestP, "F4") : Number(probability, "F4");

    /// <summary>An interval of shares, in percent; empty where there is none.</summary>
    /// <param name="interval">An object with Lower and Upper.</param>
    public static string PercentInterval(PSObject? interval) => interval?.Properties["Lower"]?.Value is double lower
        ? $"{Number(100 * lower, "F1")} … {Percent(interval.Properties["Upper"]?.Value)}"
        : "";

    /// <summary>How much a comparison found, its interval, and the p-value among all comparisons, as far as there are such.</summary>
    /// <param name="comparison">The comparison.</param>
    public static string Improvement(PSObject comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var share = Percent(comparison.Properties["RelativeImprovement"]?.Value);
        var interval = comparison.Properties["Interval"]?.Value is { } ends ? PercentInterval(PSObject.AsPSObject(ends)) : "";
        var p = PValue(comparison.Properties["AdjustedPValue"]?.Value);
        return string.Join("   ", new[] { share, interval.Length > 0 ? $"({interval})" : "", p.Length > 0 ? $"p (Holm) {p}" : "" }.Where(part => part.Length > 0));
    }

    /// <summary>Each sentence on lines of its own that a list has room for: left to itself it breaks words.</summary>
    /// <param name="text">The sentences.</param>
    /// <param name="width">The width of the host; what is not that of a terminal counts as 80.</param>
    public static string Sentences(string? text, object? width = null) =>
        Sentences(text, Plain(width) is int columns and > NarrowestHost ? columns - NarrowestHost + ListWidth - 1 : ListWidth);

    /// <summary>The same beside longer labels.</summary>
    /// <param name="text">The sentences.</param>
    public static string NarrowSentences(string? text) => Sentences(text, NarrowListWidth);

    private static string Sentences(string? text, int width)
    {
        var lines = new List<string>();
        foreach (var sentence in SentenceEnd().Split(text ?? ""))
        {
            var line = "";
            foreach (var word in sentence.Split(' '))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    lines.Add(line);
                    line = word;
                }
                else
                {
                    line = line.Length > 0 ? $"{line} {word}" : word;
                }
            }

            lines.Add(line);
        }

        return string.Join('\n', lines);
    }

    /// <summary>The learning rate and the seed of a result, as far as they are known.</summary>
    /// <param name="result">An object with LearningRate and Seed.</param>
    public static string Training(PSObject result) => string.Join(", ", new[]
    {
        Number(result?.Properties["LearningRate"]?.Value) is { Length: > 0 } rate ? $"rate {rate}" : "",
        Number(result?.Properties["Seed"]?.Value, "D") is { Length: > 0 } seed ? $"seed {seed}" : "",
    }.Where(part => part.Length > 0));

    /// <summary>A model's network with the sizes of its layers.</summary>
    /// <param name="model">The model.</param>
    public static string Network(Model model) => RunOrigin.Of(model).Network;

    /// <summary>The parameters that a model was trained with and that meant something, in lines.</summary>
    /// <param name="model">The model.</param>
    public static string Parameters(Model model) =>
        NarrowSentences(string.Join(", ", RunOrigin.Of(model).Parameter.Select(item => $"{item.Key} {item.Value}")));

    /// <summary>A number of things, in words.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">One of them.</param>
    public static string Count(int count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");

    /// <summary>The first of many names, and whether there are more.</summary>
    /// <param name="names">The names.</param>
    public static string Names(IEnumerable names)
    {
        const int Most = 30;
        string[] first = [.. names.Cast<object?>().Take(Most + 1).Select(name => Number(name, "G"))];
        return string.Join(", ", first.Take(Most)) + (first.Length > Most ? ", …" : "");
    }

    /// <summary>The first of many items, each in a line.</summary>
    /// <param name="items">The items; null for none.</param>
    /// <param name="most">How many are shown.</param>
    public static string Lines(IEnumerable? items, int most)
    {
        string[] lines = [.. (items ?? Array.Empty<object>()).Cast<object?>().Take(most + 1).Select(item => NarrowSentences(item?.ToString()))];
        return string.Join('\n', lines.Length > most ? [.. lines.Take(most), "…"] : lines);
    }

    /// <summary>The data set of a result, its split where that is not the usual one, and the parameters that tell it from others.</summary>
    /// <param name="result">An object with Dataset and Split.</param>
    public static string Dataset(PSObject result)
    {
        var (dataset, split) = (Text(result, "Dataset"), Text(result, "Split"));
        var place = split is "" or "Test" ? dataset : $"{dataset} {split}".TrimStart();
        return result.BaseObject is MetricsSummary { Setting: { } } or LossComparison { Setting: { } } ? $"{place}, {Text(result, "Setting")}" : place;
    }

    /// <summary>The same as a heading of a group, which is never empty.</summary>
    /// <param name="result">An object with Dataset and Split.</param>
    public static string DatasetHeading(PSObject result) => Dataset(result) is { Length: > 0 } name && !name.StartsWith(',') ? name : $"not named{Dataset(result)}";

    /// <summary>The loss of a result, or the file that stands for it where it is not known, and whether it was measured over all logits.</summary>
    /// <param name="result">An object with Loss and Score.</param>
    public static string Loss(PSObject result) =>
        Text(result, "Score") == nameof(MetricsScore.AllLogits) ? $"{Family(result)}, all logits".TrimStart(',', ' ') : Family(result);

    /// <summary>A measure, and its interval where it has one.</summary>
    /// <param name="metrics">The measures.</param>
    /// <param name="measure">The name of the measure's property.</param>
    public static string Measure(PSObject metrics, string measure)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var text = Number(metrics.Properties[measure]?.Value, "F4");
        return metrics.BaseObject is SlcMetrics { Interval: { } intervals } && intervals.TryGetValue(measure, out var interval)
            ? $"{text}  {Number(interval.Lower, "F4")} … {Number(interval.Upper, "F4")}"
            : text;
    }

    /// <summary>The precisions at all recalls that were asked for.</summary>
    /// <param name="metrics">The measures.</param>
    public static string PrecisionAtRecall(PSObject metrics) =>
        string.Join(", ", Precisions(metrics).Select(item => $"{Number(item.Key)}: {Number(item.Value, "F4")}"));

    /// <summary>One minus the precisions at recalls that have no column of their own, each in a line.</summary>
    /// <param name="metrics">The measures.</param>
    public static string OtherPrecisions(PSObject metrics) => string.Join('\n', Precisions(metrics)
        .Where(item => item.Key is not (0.9 or 0.99)).Select(item => $"{Number(item.Key)}: {BestMark.Show(metrics, Metric.AtRecall(item.Key).Name)}"));

    /// <summary>The time that a trial took, or with a ~ the time that it is expected to take.</summary>
    /// <param name="trial">An object with Duration and Estimate.</param>
    public static string Time(PSObject trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        if (trial.BaseObject is Trial { State: TrialState.Running, Step: > 0 } running)
            return Number(100.0 * running.CompletedStep / running.Step.Value, "F1") + "%";
        var taken = trial.Properties["Duration"]?.Value as TimeSpan?;
        if ((taken ?? trial.Properties["Estimate"]?.Value as TimeSpan?) is not { } time)
            return "";
        var text = time.TotalHours >= 1 ? Number(time.TotalHours, "F1") + " h"
            : time.TotalMinutes >= 1 ? Number(time.TotalMinutes, time.TotalMinutes >= MostMinutes ? "F0" : "F1") + " min"
            : Number(time.TotalSeconds, "F1") + " s";
        return taken is null ? "~" + text : text;
    }

    /// <summary>What distinguishes a trial from the others of its sweep and from the defaults.</summary>
    /// <param name="trial">The trial.</param>
    public static string Parameters(PSObject trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.BaseObject is Trial found
            ? string.Join("; ", found.Parameter.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Key} {Value(item.Value)}"))
            : "";

        static string Value(object value) => value switch
        {
            Array items => string.Join(",", items.Cast<object>()),
            double => Number(value),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
    }

    // "1-Acc. than" ends no sentence.
    [GeneratedRegex(@"(?<=[a-z0-9%)]\.) (?=[A-Z0-9][a-z0-9]* )")]
    private static partial Regex SentenceEnd();

    private static IEnumerable<KeyValuePair<double, double?>> Precisions(PSObject metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return metrics.BaseObject is SlcMetrics measured
            ? measured.PrecisionAtRecall.Select(item => KeyValuePair.Create(item.Key, (double?)item.Value))
            : [];
    }

    private static string Family(PSObject result) => Text(result, "Loss") is { Length: > 0 } loss ? loss : Path.GetFileName(Text(result, "Source"));

    private static string Text(PSObject result, string property)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Properties[property]?.Value?.ToString() ?? "";
    }

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
