using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Training;

/// <summary>What a training writes while it runs, and whom it tells.</summary>
public sealed record TrainingFiles
{
    /// <summary>The folder that all that decides the future is kept in, so that the training can go on after a stop; null for none.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>The number of steps between two checkpoints; 0 for one about every half minute. When they are written changes no bit.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Whether a training that is kept in the folder already is thrown away.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The folder for TensorBoard's event files, one sub-folder a run; null for none.</summary>
    public string? TensorBoardPath { get; init; }

    /// <summary>Told what a user should know and is no error, such as a checkpoint that is damaged; may be null.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Told the history so far, each time a checkpoint was written; may be null.</summary>
    internal Action<IReadOnlyList<HistoryPoint>>? Saved { get; init; }

    /// <summary>Refuses values that cannot be used.</summary>
    /// <exception cref="SlcException"><c>InvalidTrainingOption</c>.</exception>
    internal void Validate()
    {
        if (CheckpointEvery < 0)
        {
            throw new SlcException("InvalidTrainingOption", SlcErrorKind.InvalidArgument,
                FormattableString.Invariant($"-CheckpointEvery is {CheckpointEvery}, but must be a whole number of at least 0."), nameof(CheckpointEvery));
        }
    }
}
