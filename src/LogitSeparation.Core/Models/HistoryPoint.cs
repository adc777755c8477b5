namespace LogitSeparation.Core.Models;

/// <summary>A model's state at one step of its training.</summary>
/// <param name="Step">The number of steps taken.</param>
/// <param name="Loss">The mean training loss over the steps since the previous point.</param>
/// <param name="ValidationAccuracy">The share of validation examples whose largest logit is the true one; null where there are none.</param>
/// <param name="ValidationAuprc">
/// The mean average precision of single logits on the validation examples; null where it was not asked for
/// (<see cref="TrainingOptions.SelectBy"/>).
/// </param>
/// <param name="CertifiedShare">
/// The share of the batches since the previous point whose loss proves that the principle holds for their logits; null where the loss
/// has no such certificate.
/// </param>
/// <param name="ValidationMargin">
/// The smallest true logit of the validation examples minus the largest false one (above 0 the principle holds for them); null where
/// there are none, or only one class.
/// </param>
public sealed record HistoryPoint(
    int Step, double Loss, double? ValidationAccuracy, double? ValidationAuprc = null, double? CertifiedShare = null, double? ValidationMargin = null);
