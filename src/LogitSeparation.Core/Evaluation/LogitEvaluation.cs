namespace LogitSeparation.Core.Evaluation;

/// <summary>The paper's measures and the separation of one table, computed in the same pass.</summary>
/// <param name="Metrics">How well classes are told apart by their scores.</param>
/// <param name="Separation">Whether true and false logits are separated.</param>
public sealed record LogitEvaluation(SlcMetrics Metrics, SeparationReport Separation)
{
    /// <summary>Measures a table; cheaper than <see cref="SlcMetrics.Measure"/> and <see cref="Evaluation.Separation.Measure"/> one after the other.</summary>
    /// <param name="logits">n x k logits with labels.</param>
    /// <param name="options">What to measure; null for single logits and recalls 0.9 and 0.99.</param>
    /// <param name="witnessCount">The number of violations to show, at most; 0 … 1,000,000.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException">As the two methods say.</exception>
    public static LogitEvaluation Measure(
        Logits logits, MetricsOptions? options = null, int witnessCount = 5, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var (metrics, separation) = Evaluator.Measure(logits, options ?? new MetricsOptions(), witnessCount, cancellationToken);
        return new LogitEvaluation(metrics!, separation!);
    }
}
