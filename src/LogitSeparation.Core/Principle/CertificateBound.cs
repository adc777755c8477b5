namespace LogitSeparation.Core.Principle;

/// <summary>What a batch is certified by: its computed loss, less the mean of its labels' infima where there are any, is below a threshold.</summary>
/// <param name="Threshold">The threshold.</param>
/// <param name="Infimum">k numbers, the infimum of the loss of an example of each class, rounded down; null where nothing is subtracted.</param>
internal sealed record CertificateBound(double Threshold, double[]? Infimum);
