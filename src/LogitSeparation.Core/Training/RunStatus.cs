namespace LogitSeparation.Core.Training;

/// <summary>How far one run has come.</summary>
internal readonly record struct RunStatus(int Step, double Loss, double? ValidationAccuracy, double StepsPerSecond, double? CertifiedShare);
