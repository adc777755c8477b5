using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.Core.Reports;

/// <summary>How the true and false logits of one table are spread: what a figure needs of it, in place of its n x k logits.</summary>
public sealed class LogitSpread
{
    private LogitSpread(RunResult run, string? className, LogitHistogram histogram, ClassThreshold? best) =>
        (Run, ClassName, Histogram, Best) = (run, className, histogram, best);

    /// <summary>What is known of the table.</summary>
    public RunResult Run { get; }

    /// <summary>The class; null for all together.</summary>
    public string? ClassName { get; }

    /// <summary>The counts.</summary>
    internal LogitHistogram Histogram { get; }

    /// <summary>The class's threshold of the best F1; null for all classes, or where the class is separated.</summary>
    internal ClassThreshold? Best { get; }

    /// <summary>Looks at a table.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="className">One of its classes; null for all together.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException"><c>UnknownClass</c>, <c>LogitsEmpty</c>, <c>NaNLogit</c>.</exception>
    public static LogitSpread Measure(Logits logits, string? className = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Count == 0 || logits.ClassCount == 0)
            throw new SlcException("LogitsEmpty", SlcErrorKind.InvalidData, $"The table of logits is empty ({logits}): there is nothing to draw.", logits);
        int? index = className is null ? null : FigureInput.FindClass(logits.ClassNames, className);
        var histogram = LogitHistogram.Count(logits, index, cancellationToken);
        var overlaps = double.IsFinite(histogram.MinTrue) && double.IsFinite(histogram.MaxFalse) && histogram.MinTrue <= histogram.MaxFalse;
        var best = index is { } j && overlaps ? ThresholdSearch.Measure(logits, j, null, cancellationToken) : null;
        return new LogitSpread(RunResults.Describe(logits), index is { } column ? logits.ClassNames[column] : null, histogram, best);
    }
}
