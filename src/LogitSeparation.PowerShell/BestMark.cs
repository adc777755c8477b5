using System.Globalization;
using System.Management.Automation;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.PowerShell;

/// <summary>What the view of measures shows: one minus a measure, in bold where it is the best of those measured together.</summary>
public static class BestMark
{
    private const string Bold = "\u001b[1m";
    private const string Plain = "\u001b[22m";
    private const string Format = "F4";

    /// <summary>The text of a cell. PowerShell takes the bold away where the output is no terminal or NO_COLOR is set.</summary>
    /// <param name="metrics">A row.</param>
    /// <param name="measure">The name of the measure's property.</param>
    public static string Show(PSObject metrics, string measure)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        if (metrics.BaseObject is not SlcMetrics row)
            return metrics.Properties[measure]?.Value is double value ? Text(value) : "";
        var text = Text(Value(row, measure));
        var rivals = MetricsGroup.Rivals(row);
        // Compared as they are shown: what looks equal is marked alike.
        var isBest = rivals.Count > 1 && text == rivals.Select(other => Text(Value(other, measure))).Min(StringComparer.Ordinal)
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return isBest ? Bold + text + Plain : text;
    }

    private static double Value(SlcMetrics metrics, string measure) => Metric.All.First(metric => metric.Name == measure).Of(metrics) ?? double.NaN;

    private static string Text(double measure) => (1 - measure).ToString(Format, CultureInfo.InvariantCulture);
}
