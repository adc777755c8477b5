using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>What to measure.</summary>
public sealed record MetricsOptions
{
    /// <summary>What examples are ranked by.</summary>
    public MetricsScore Score { get; init; }

    /// <summary>Recalls, each in (0, 1], at which precision is measured besides 0.9 and 0.99.</summary>
    public IReadOnlyList<double> Recall { get; init; } = [];

    /// <summary>Bootstrap intervals over the examples; null for none.</summary>
    public BootstrapOptions? Bootstrap { get; init; }
}
