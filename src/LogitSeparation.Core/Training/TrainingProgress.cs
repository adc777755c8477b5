namespace LogitSeparation.Core.Training;

/// <summary>How far training has come. Reported at most a few times a second.</summary>
/// <param name="LossName">The loss that is being trained with.</param>
/// <param name="LearningRate">The learning rate of this run.</param>
/// <param name="Step">The number of steps taken in this run.</param>
/// <param name="StepCount">The number of steps of this run.</param>
/// <param name="Loss">The mean loss over the last steps.</param>
/// <param name="ValidationAccuracy">The last validation accuracy; null before the first.</param>
/// <param name="StepsPerSecond">The speed over the last reports.</param>
/// <param name="Remaining">The estimated time to the end of this run.</param>
/// <param name="RunIndex">Which run this is, from 0, among all losses and learning rates.</param>
/// <param name="RunCount">The number of runs.</param>
public sealed record TrainingProgress(
    string LossName, double LearningRate, int Step, int StepCount, double Loss, double? ValidationAccuracy,
    double StepsPerSecond, TimeSpan Remaining, int RunIndex, int RunCount);
