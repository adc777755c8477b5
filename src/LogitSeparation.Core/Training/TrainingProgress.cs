namespace LogitSeparation.Core.Training;

/// <summary>How far training has come. Reported at most a few times a second.</summary>
public sealed record TrainingProgress
{
    internal TrainingProgress(string lossName, double learningRate, RunStatus status, int stepCount, int runIndex, int runCount)
    {
        LossName = lossName;
        LearningRate = learningRate;
        Step = status.Step;
        StepCount = stepCount;
        Loss = status.Loss;
        ValidationAccuracy = status.ValidationAccuracy;
        StepsPerSecond = status.StepsPerSecond;
        CertifiedShare = status.CertifiedShare;
        RunIndex = runIndex;
        RunCount = runCount;
    }

    /// <summary>The loss that is being trained with.</summary>
    public string LossName { get; }

    /// <summary>The learning rate of this run.</summary>
    public double LearningRate { get; }

    /// <summary>The number of steps taken in this run.</summary>
    public int Step { get; }

    /// <summary>The number of steps of this run.</summary>
    public int StepCount { get; }

    /// <summary>The mean loss over the last steps.</summary>
    public double Loss { get; }

    /// <summary>The last validation accuracy; null before the first.</summary>
    public double? ValidationAccuracy { get; }

    /// <summary>The share of certified batches since the last point of the history; null where none can be, or before the first.</summary>
    public double? CertifiedShare { get; }

    /// <summary>The speed since the last report.</summary>
    public double StepsPerSecond { get; }

    /// <summary>Which run this is, from 0, among all losses and learning rates.</summary>
    public int RunIndex { get; }

    /// <summary>The number of runs.</summary>
    public int RunCount { get; }

    /// <summary>The estimated time to the end of all runs, at the speed of this one.</summary>
    public TimeSpan Remaining =>
        TimeSpan.FromSeconds((StepCount - Step + ((RunCount - RunIndex - 1.0) * StepCount)) / Math.Max(StepsPerSecond, 1e-9));
}
