using System.Management.Automation;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.PowerShell;

/// <summary>What views of measures show: one minus a measure, in bold where it is the best of those that came together.</summary>
public static class BestMark
{
    private const string Bold = "\u001b[1m";
    private const string Plain = "\u001b[22m";

    /// <summary>The text of a cell. PowerShell takes the bold away where the output is no terminal or NO_COLOR is set.</summary>
    /// <param name="result">A row: measures, a summary, or a trial; also one that another process has sent.</param>
    /// <param name="measure">The name of the measure's property.</param>
    public static string Show(PSObject result, string measure)
    {
        ArgumentNullException.ThrowIfNull(result);
        var row = result.BaseObject;
        if (ResultGroup.Text(row, measure) is not { } text)
            return ViewText.OneMinus(result.Properties[measure]?.Value);
        var isMarked = ResultGroup.IsBest(row, measure) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return isMarked ? Bold + text + Plain : text;
    }

    /// <summary>The text of a cell with a mean, and half the width of its interval where it has one.</summary>
    /// <param name="summary">A row.</param>
    /// <param name="measure">The name of the measure.</param>
    public static string ShowMean(PSObject summary, string measure)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var interval = summary.BaseObject is MetricsSummary row && row.Statistic.TryGetValue(measure, out var statistic) ? statistic.Interval : null;
        var half = interval is null ? "" : "±" + ViewText.Number((interval.Upper - interval.Lower) / 2, "F4");
        return Show(summary, measure) + half;
    }
}
