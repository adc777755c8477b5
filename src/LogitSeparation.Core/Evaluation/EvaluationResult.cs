namespace LogitSeparation.Core.Evaluation;

/// <summary>What was measured of one table; null for what was not asked for.</summary>
/// <param name="SingleLogit">The metrics of single logits.</param>
/// <param name="AllLogits">The metrics of scores over all logits.</param>
/// <param name="Separation">The report on separation.</param>
internal sealed record EvaluationResult(SlcMetrics? SingleLogit, SlcMetrics? AllLogits, SeparationReport? Separation);
