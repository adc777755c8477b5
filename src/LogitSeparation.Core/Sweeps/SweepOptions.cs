using System.Diagnostics;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;
using LogitSeparation.Core.Training;

namespace LogitSeparation.Core.Sweeps;

/// <summary>Where and how the trials of a sweep are run; nothing of it is part of a trial.</summary>
public sealed record SweepOptions
{
    private readonly List<Dataset> _datasets = [];

    /// <summary>The device: <c>cpu</c>, <c>cuda</c>, …</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The number of processes that trials are run in, one trial each; 0 to run them in this process, one after the other.</summary>
    public int ThrottleLimit { get; init; }

    /// <summary>The number of steps between two checkpoints; 0 for one about every half minute.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Whether a data set that is not on this machine is an error rather than downloaded.</summary>
    public bool NoDownload { get; init; }

    /// <summary>
    /// How a process is started that runs the trial in a folder and then ends; needed where <see cref="ThrottleLimit"/> is not 0.
    /// </summary>
    public Func<string, ProcessStartInfo>? StartProcess { get; init; }

    /// <summary>Whether a trial's folder gets TensorBoard's event files too; one that has them goes on with them in any case.</summary>
    public bool TensorBoard { get; init; }

    /// <summary>Called while a data set is downloaded; may be null.</summary>
    public Action<DownloadProgress>? Download { get; init; }

    /// <summary>Data sets that are open already; others are opened as trials need them.</summary>
    public IReadOnlyList<Dataset> Dataset
    {
        get => _datasets.ToArray();
        init => _datasets = [.. value];
    }

    /// <summary>How long another machine's heartbeat may stay the same, by this machine's clock, before its trial is taken over.</summary>
    internal TimeSpan StaleAfter { get; init; } = ClaimWatch.DefaultSpan;

    /// <summary>How long it may stay the same where its process looks gone from this machine.</summary>
    internal TimeSpan GoneAfter { get; init; } = ClaimWatch.DefaultGoneSpan;

    /// <summary>A data set that is open, or is opened now and kept for the trials to come.</summary>
    internal Dataset FindDataset(DatasetIdentity identity, CancellationToken cancellation)
    {
        var found = _datasets.Find(dataset => dataset.Identity.WithoutPlace() == identity.WithoutPlace());
        if (found is not null)
            return found;
        found = DatasetCatalog.Reopen(FindPlace(identity) ?? identity, NoDownload, Download, cancellation);
        _datasets.Add(found);
        return found;
    }

    /// <summary>A data set at the place of one that is open and has the same content, perhaps split otherwise; null where none has.</summary>
    internal DatasetIdentity? FindPlace(DatasetIdentity identity) =>
        _datasets.Find(dataset => dataset.Identity.Checksum == identity.Checksum) is { } same ? identity.WithPlace(same.Identity) : null;

    /// <summary>The number of processes that share this machine's cores while so many trials are run.</summary>
    internal int ProcessCount(int trialCount) => Math.Clamp(trialCount, 1, Math.Max(1, ThrottleLimit));

    /// <summary>Refuses a device that is not there, and trainings that it has no units for.</summary>
    /// <param name="trainings">What is to be run.</param>
    /// <param name="all">Whether one that it cannot run is enough to refuse; otherwise only where it can run none.</param>
    /// <exception cref="SlcException"><c>UnknownDevice</c>, <c>DeviceUnavailable</c>, <c>InvalidTrainingOption</c>.</exception>
    internal void ValidateDevice(IReadOnlyList<TrainingOptions> trainings, bool all)
    {
        if (trainings.Count == 0)
            return;
        var device = Devices.Open(Device);
        var refused = new List<SlcException>();
        foreach (var training in trainings)
        {
            try
            {
                (training with { Device = Device }).Validate(device);
            }
            catch (SlcException refusal)
            {
                refused.Add(refusal);
            }
        }

        if (refused.Count > 0 && (all || refused.Count == trainings.Count))
            throw refused[0];
    }

    /// <summary>Refuses values that cannot be used.</summary>
    /// <exception cref="SlcException"><c>InvalidSweepOption</c>, <c>InvalidTrainingOption</c>.</exception>
    internal void Validate()
    {
        new TrainingFiles { CheckpointEvery = CheckpointEvery }.Validate();
        if (ThrottleLimit < 0 || (ThrottleLimit > 0 && StartProcess is null))
        {
            throw new SlcException("InvalidSweepOption", SlcErrorKind.InvalidArgument,
                $"-ThrottleLimit is {ThrottleLimit}, but must be a whole number of at least 0.", nameof(ThrottleLimit));
        }
    }
}
