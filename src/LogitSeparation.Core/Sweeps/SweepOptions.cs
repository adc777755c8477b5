using System.Diagnostics;
using LogitSeparation.Core.Data;

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

    /// <summary>Told what a user should know and is no error; may be null.</summary>
    public Action<string>? Notice { get; init; }

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

    /// <summary>A data set that is open, or is opened now and kept for the trials to come.</summary>
    internal Dataset FindDataset(DatasetIdentity identity, CancellationToken cancellation)
    {
        var found = _datasets.Find(dataset => (dataset.Identity.Name, dataset.Identity.Checksum, dataset.Identity.Seed, dataset.Identity.ValidationCount)
            == (identity.Name, identity.Checksum, identity.Seed, identity.ValidationCount));
        if (found is not null)
            return found;
        found = DatasetCatalog.Reopen(identity, NoDownload, Download, cancellation);
        _datasets.Add(found);
        return found;
    }

    /// <summary>Refuses values that cannot be used.</summary>
    /// <exception cref="SlcException"><c>InvalidSweepOption</c>.</exception>
    internal void Validate()
    {
        if (ThrottleLimit < 0 || (ThrottleLimit > 0 && StartProcess is null))
        {
            throw new SlcException("InvalidSweepOption", SlcErrorKind.InvalidArgument,
                $"-ThrottleLimit is {ThrottleLimit}, but must be a whole number of at least 0.", nameof(ThrottleLimit));
        }
    }
}
