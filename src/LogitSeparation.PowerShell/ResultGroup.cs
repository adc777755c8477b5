using System.Globalization;
using System.Runtime.CompilerServices;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>
/// The results (measures, summaries or trials) that one command gave, so that the view can tell the best of them. Known beside the
/// objects and not in them; forgotten with them.
/// </summary>
internal sealed class ResultGroup
{
    private const string Format = "F4";

    private static readonly ConditionalWeakTable<object, ResultGroup> Groups = [];

    private readonly List<object> _members = [];
    private readonly Dictionary<(string? Dataset, string? Split, string Measure), string?> _best = [];
    private bool _isComplete;

    /// <summary>One minus a measure, as it is shown; null where the result does not have it.</summary>
    /// <param name="result">Measures, a summary, or a trial.</param>
    /// <param name="measure">The measure's name.</param>
    public static string? Text(object result, string measure) => Value(result, measure) is { } value
        ? (1 - value).ToString(Format, CultureInfo.InvariantCulture)
        : null;

    /// <summary>
    /// Whether a result is the best of its command on its data set and split. No result is while the command still runs, as the
    /// best may be to come, nor where there is no other. Compared as they are shown: what looks equal is marked alike.
    /// </summary>
    /// <param name="result">The result.</param>
    /// <param name="measure">The measure's name.</param>
    public static bool IsBest(object result, string measure) =>
        Groups.TryGetValue(result, out var group) && group._isComplete && Text(result, measure) is { } text && text == group.Best(result, measure);

    /// <summary>Adds a result.</summary>
    /// <param name="result">Measures, a summary, or a trial.</param>
    public void Add(object result)
    {
        _members.Add(result);
        Groups.Add(result, this);
    }

    /// <summary>Says that no more will come.</summary>
    public void Complete() => _isComplete = true;

    // Found once for all rows of a column.
    private string? Best(object result, string measure)
    {
        var (dataset, split) = Place(result);
        if (_best.TryGetValue((dataset, split, measure), out var best))
            return best;
        var texts = _members.Where(member => Place(member) == (dataset, split)).Select(member => Text(member, measure)).OfType<string>().ToList();
        return _best[(dataset, split, measure)] = texts.Count > 1 ? texts.Min(StringComparer.Ordinal) : null;
    }

    private static (string? Dataset, string? Split) Place(object result) => result switch
    {
        SlcMetrics metrics => (metrics.Dataset, metrics.Split?.ToString()),
        MetricsSummary summary => (summary.Dataset, summary.Split?.ToString()),
        Trial trial => (trial.Dataset, null),
        _ => (null, null),
    };

    private static double? Value(object result, string measure) => result switch
    {
        SlcMetrics metrics => Metric.In(metrics).FirstOrDefault(metric => metric.Name == measure)?.Of(metrics),
        MetricsSummary summary => summary.Statistic.TryGetValue(measure, out var statistic) ? statistic.Mean : null,
        Trial trial => measure == Metric.Auprc.Name ? trial.Auprc : trial.Accuracy,
        _ => null,
    };
}
