namespace LogitSeparation.Core.Thresholds;

/// <summary>A point of an isotonic calibration.</summary>
/// <param name="Logit">z.</param>
/// <param name="Probability">The probability at z; between two points it goes along a line.</param>
public sealed record CalibrationPoint(double Logit, double Probability);
