namespace LogitSeparation.Core.Evaluation;

/// <summary>The paper's measures and the separation of one table, computed together.</summary>
/// <param name="Metrics">How well classes are told apart by their scores.</param>
/// <param name="Separation">Whether true and false logits are separated.</param>
public sealed record LogitEvaluation(SlcMetrics Metrics, SeparationReport Separation)
{
    /// <summary>The measures of scores over all logits; null where they were not asked for.</summary>
    public SlcMetrics? AllLogits { get; init; }

    /// <summary>Measures a table at about the cost of the dearest part: all is counted in one pass, after one that picks the true logits.</summary>
    /// <param name="logits">n x k logits with labels.</param>
    /// <param name="options">What to measure; null for recalls 0.9 and 0.99. Its score is not looked at.</param>
    /// <param name="witnessCount">The number of violations to show, at most; 0 … 1,000,000.</param>
    /// <param name="allLogits">Whether to measure scores over all logits too.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException">As those of <see cref="SlcMetrics"/> and <see cref="Evaluation.Separation"/>.</exception>
    public static LogitEvaluation Measure(
        Logits logits, MetricsOptions? options = null, int witnessCount = 5, bool allLogits = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var request = new EvaluationRequest(true, allLogits, options ?? new MetricsOptions(), witnessCount);
        var measured = Evaluator.Measure(logits, request, cancellationToken);
        return new LogitEvaluation(measured.SingleLogit!, measured.Separation!) { AllLogits = measured.AllLogits };
    }
}
