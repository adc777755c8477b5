using LogitSeparation.Core.Data;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>One loss compared with another by one measure on one data set.</summary>
public sealed record LossComparison
{
    /// <summary>The data set, where known.</summary>
    public string? Dataset { get; init; }

    /// <summary>The split, where known.</summary>
    public Split? Split { get; init; }

    /// <summary>The name of the measure.</summary>
    public required string Metric { get; init; }

    /// <summary>How the paper's tables call one minus the measure, e.g. <c>1-AUPRC</c>.</summary>
    public required string MetricTitle { get; init; }

    /// <summary>The loss that is compared, where known.</summary>
    public string? Loss { get; init; }

    /// <summary>
    /// The parameters by which it differs from other results on its data set, e.g. <c>BatchSize 32</c>; null where it has the defaults
    /// in what differs, or they are not known.
    /// </summary>
    public string? Setting { get; init; }

    /// <summary>The file that the logits were read from, where their loss is not known.</summary>
    public string? Source { get; init; }

    /// <summary>What its examples were ranked by.</summary>
    public required MetricsScore Score { get; init; }

    /// <summary>The loss that it is compared with, measured by single logits.</summary>
    public required string Reference { get; init; }

    /// <summary>The mean of the measure over the runs that are compared, 0 … 1.</summary>
    public required double Value { get; init; }

    /// <summary>The same of the reference.</summary>
    public required double ReferenceValue { get; init; }

    /// <summary>
    /// (a - b) / a with a and b one minus the measure of the reference and of the loss: the paper's "20%-35%" are 0.2 to 0.35. Null
    /// where the reference is perfect.
    /// </summary>
    public double? RelativeImprovement { get; init; }

    /// <summary>
    /// The interval of the relative improvement; null where there is none. No error is below 0, so no improvement is above 1: what lies
    /// there is left out, and the interval covers what it covered.
    /// </summary>
    public ConfidenceInterval? Interval { get; init; }

    /// <summary>What the interval is over: Fieller's for seeds and classes, the bootstrap's for examples.</summary>
    public Pairing? IntervalPairing { get; init; }

    /// <summary>What the pairs are.</summary>
    public required Pairing Pairing { get; init; }

    /// <summary>The number of runs of each loss that are compared, matched by their seeds.</summary>
    public required int RunCount { get; init; }

    /// <summary>The number of runs of either loss that are left out, as the other has none of the same seed.</summary>
    public required int UnpairedRunCount { get; init; }

    /// <summary>The number of pairs.</summary>
    public required int PairCount { get; init; }

    /// <summary>The number of pairs in which the loss is better.</summary>
    public required int BetterCount { get; init; }

    /// <summary>The number of pairs in which it is worse.</summary>
    public required int WorseCount { get; init; }

    /// <summary>The test of the differences; null where nothing can be tested.</summary>
    public PairedTest? Test { get; init; }

    /// <summary>The p-value of the test alone.</summary>
    public double? PValue => Test?.PValue;

    /// <summary>The p-value after Holm's correction for all comparisons that were made together.</summary>
    public double? AdjustedPValue { get; init; }

    /// <summary>The number of tests that were made together.</summary>
    public required int ComparisonCount { get; init; }

    /// <summary>Whether the adjusted p-value is below one minus the confidence level.</summary>
    public required bool IsSignificant { get; init; }

    /// <summary>In words: what was found, what may be concluded from it, and what not.</summary>
    public required string Verdict { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Verdict;
}
