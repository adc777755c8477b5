using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Training;

/// <summary>Where a run stands between two steps, beside its tensors. Random numbers need no state: they are functions of seed and step.</summary>
internal sealed record RunPosition
{
    /// <summary>The SHA-256 of the description of the training that it belongs to.</summary>
    public required string Training { get; init; }

    /// <summary>The number of steps taken.</summary>
    public required int Step { get; init; }

    /// <summary>The history so far.</summary>
    public required IReadOnlyList<HistoryPoint> History { get; init; }

    /// <summary>The sum of the losses since the last point of the history.</summary>
    public required double LossSum { get; init; }

    /// <summary>The number of losses in that sum.</summary>
    public required long LossCount { get; init; }

    /// <summary>The number of certified batches among them.</summary>
    public long CertifiedCount { get; init; }

    /// <summary>The time that the training took so far.</summary>
    public required double Seconds { get; init; }

    /// <summary>The number of threads that the last steps were taken with.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>Whether what was read can be gone on from.</summary>
    public bool IsUsable => Step >= 1 && Seconds >= 0 && double.IsFinite(LossSum) && LossCount >= 0
        && CertifiedCount >= 0 && CertifiedCount <= LossCount && History is not null && History.All(point => point is not null);
}
