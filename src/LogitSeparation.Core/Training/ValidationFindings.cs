namespace LogitSeparation.Core.Training;

/// <summary>What was measured on the validation split at one step; null where it has no examples or was not asked for.</summary>
/// <param name="Accuracy">The share of examples whose largest logit is the true one.</param>
/// <param name="Margin">The smallest true logit minus the largest false one; null where that is no finite number.</param>
/// <param name="Auprc">The mean average precision of single logits.</param>
internal readonly record struct ValidationFindings(double? Accuracy, double? Margin, double? Auprc);
