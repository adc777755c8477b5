namespace LogitSeparation.Core.Evaluation;

/// <summary>What is asked for of one table, to be measured in one pass.</summary>
/// <param name="SingleLogit">Whether metrics are wanted of single logits.</param>
/// <param name="AllLogits">Whether metrics are wanted of scores over all logits.</param>
/// <param name="Options">How metrics are measured; its score is not looked at.</param>
/// <param name="WitnessCount">How many violations of separation to name; null for no report on it.</param>
/// <param name="ByClass">Whether the report on separation is to have one for each class.</param>
internal sealed record EvaluationRequest(bool SingleLogit, bool AllLogits, MetricsOptions Options, int? WitnessCount, bool ByClass = false);
