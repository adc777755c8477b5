using System.Diagnostics;
using LogitSeparation.Core.Models;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>What a run leaves on the disk while it goes on: checkpoints and events, each only where asked for.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="files">The files of its checkpoints; null for none.</param>
/// <param name="events">Its TensorBoard events; null for none.</param>
internal sealed class RunRecord(TrainingFiles options, RunFiles? files, TensorBoardEvents? events) : IDisposable
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _sinceSaved = Stopwatch.StartNew();
    private int _savedStep;

    /// <summary>Whether there are checkpoints.</summary>
    public bool IsKept => files is not null;

    /// <summary>The checksum of the description of the training; empty where there are no checkpoints.</summary>
    public string Training => files?.Training ?? "";

    /// <summary>Whether a checkpoint is to be written now.</summary>
    /// <param name="step">The number of steps taken.</param>
    public bool IsDue(int step)
    {
        if (files is null || step == _savedStep)
            return false;
        return options.CheckpointEvery > 0 ? step % options.CheckpointEvery == 0 : _sinceSaved.Elapsed >= DefaultInterval;
    }

    /// <summary>Writes a checkpoint, unless that of this step is there.</summary>
    public void Save(RunCheckpoint checkpoint)
    {
        if (checkpoint.Position.Step == _savedStep)
            return;
        files!.Write(checkpoint);
        _savedStep = checkpoint.Position.Step;
        _sinceSaved.Restart();
        options.Saved?.Invoke(checkpoint.Position.History);
    }

    /// <summary>Puts the newest usable checkpoint back; null where there is none.</summary>
    /// <param name="restore">Takes it over.</param>
    /// <param name="stepCount">The number of steps of the run.</param>
    public RunPosition? Restore(Action<RunCheckpoint> restore, int stepCount)
    {
        var position = files?.Restore(checkpoint =>
        {
            if (checkpoint.Position.Step > stepCount)
                throw new InvalidDataException(FormattableString.Invariant($"it is at step {checkpoint.Position.Step} of {stepCount}"));
            restore(checkpoint);
        });
        _savedStep = position?.Step ?? 0;
        if (position is not null && position.ThreadCount != torch.get_num_threads())
        {
            options.Notice?.Invoke(FormattableString.Invariant(
                $"The training was begun with {position.ThreadCount} threads and goes on with {torch.get_num_threads()}: ") +
                "the last bits may differ from those of one that was never stopped (OMP_NUM_THREADS sets the number).");
        }

        events?.Begin(_savedStep);
        return position;
    }

    /// <summary>Adds a point of the history to the events.</summary>
    public void Add(HistoryPoint point, double learningRate) => events?.Add(point, learningRate);

    /// <inheritdoc/>
    public void Dispose() => events?.Dispose();
}
