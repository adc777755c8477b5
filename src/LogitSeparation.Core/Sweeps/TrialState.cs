namespace LogitSeparation.Core.Sweeps;

/// <summary>How far a trial is.</summary>
public enum TrialState
{
    /// <summary>Nobody has begun with it.</summary>
    Pending,

    /// <summary>A process is at it.</summary>
    Running,

    /// <summary>It was begun; whoever takes it next goes on from its checkpoint.</summary>
    Stopped,

    /// <summary>It ended with a model and its measures.</summary>
    Done,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>What it is cannot be read from its folder; starting the sweep with it writes that anew.</summary>
    Damaged,
}
