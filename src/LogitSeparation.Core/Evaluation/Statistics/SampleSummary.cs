using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Mean, spread and Student's t-interval of the mean of a few values, such as one measure over several seeds.</summary>
public sealed record SampleSummary
{
    /// <summary>The number of values, n.</summary>
    public required int Count { get; init; }

    /// <summary>Their mean.</summary>
    public required double Mean { get; init; }

    /// <summary>The sample standard deviation (divisor n - 1); null for one value.</summary>
    public double? StandardDeviation { get; init; }

    /// <summary>The t-interval of the mean, which takes the values for independent and normal; null for one value.</summary>
    public ConfidenceInterval? Interval { get; init; }

    /// <summary>The smallest value.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest value.</summary>
    public required double Maximum { get; init; }

    /// <summary>Summarises values.</summary>
    /// <param name="values">At least one finite value.</param>
    /// <param name="level">The confidence level of the interval.</param>
    /// <exception cref="SlcException"><c>ConfidenceLevelOutOfRange</c>.</exception>
    public static SampleSummary Of(IReadOnlyCollection<double> values, double level = ConfidenceInterval.DefaultLevel)
    {
        ArgumentNullException.ThrowIfNull(values);
        ConfidenceInterval.CheckLevel(level);
        if (values.Count == 0)
            throw new ArgumentException("There is no value to summarise.", nameof(values));
        var summary = new SampleSummary
        {
            Count = values.Count,
            Mean = values.Mean(),
            Minimum = values.Min(),
            Maximum = values.Max(),
        };
        if (values.Count == 1)
            return summary;
        var deviation = values.StandardDeviation();
        var reach = StudentT.InvCDF(0, 1, values.Count - 1, (1 + level) / 2) * deviation / Math.Sqrt(values.Count);
        return summary with { StandardDeviation = deviation, Interval = new(summary.Mean - reach, summary.Mean + reach, level) };
    }

    /// <inheritdoc/>
    public override string ToString() => StandardDeviation is null
        ? FormattableString.Invariant($"{Mean:0.####}")
        : FormattableString.Invariant($"{Mean:0.####} ± {StandardDeviation:0.####}");
}
