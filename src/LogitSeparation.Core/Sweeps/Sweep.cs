using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Training;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// Sweeps: folders of trials that any number of processes, also of machines that share the folder, bring to their end together.
/// </summary>
public static class Sweep
{
    /// <summary>
    /// Puts the trials of a plan into a folder, where they are not there yet, and brings them to their end. A trial that fails is
    /// recorded and does not keep the others; starting again goes on where it was stopped, and tries again what failed for a reason
    /// outside of the trial.
    /// </summary>
    /// <param name="plan">The trials.</param>
    /// <param name="path">The folder.</param>
    /// <param name="options">How to run them.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops within a step; what was learnt is kept.</param>
    /// <returns>Each trial, when it has ended.</returns>
    /// <exception cref="SlcException">At once where the plan cannot be trained or the folder not written.</exception>
    public static IEnumerable<Trial> Start(
        SweepPlan plan, string path, SweepOptions options, Action<SweepProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var ids = plan.Write(path);
        var folder = SweepFolder.Open(path);
        folder.Begin();
        return Run(folder, ids.Select(folder.Trial), options with { Dataset = plan.Dataset }, progress, cancellation);
    }

    /// <summary>Puts the trials of a plan into a folder, where they are not there yet, and runs none.</summary>
    /// <param name="plan">The trials.</param>
    /// <param name="path">The folder.</param>
    /// <returns>The trials as they stand, in order.</returns>
    /// <exception cref="SlcException">Where the plan cannot be trained or the folder not written.</exception>
    public static IReadOnlyList<Trial> Create(SweepPlan plan, string path)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var ids = plan.Write(path);
        var folder = SweepFolder.Open(path);
        return ids.Select(id => Trial.Read(folder.Trial(id))).ToArray();
    }

    /// <summary>Goes on with all trials of a folder, or with some of them.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="ids">The names of the trials' folders, in the order in which they are taken; null for all.</param>
    /// <param name="options">How to run them.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops within a step; what was learnt is kept.</param>
    /// <returns>Each trial, when it has ended, or at once where it had.</returns>
    /// <exception cref="SlcException"><c>SweepNotFound</c>, <c>TrialDamaged</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static IEnumerable<Trial> Resume(
        string path, IReadOnlyList<string>? ids, SweepOptions options, Action<SweepProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var folder = SweepFolder.Open(path);
        folder.Begin();
        return Run(folder, ids is null ? folder.Trials() : ids.Select(folder.Trial), options, progress, cancellation);
    }

    /// <summary>The trials of a folder as they stand; or the one trial whose folder it is.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="SlcException"><c>SweepNotFound</c>, <c>TrialDamaged</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static IEnumerable<Trial> Trials(string path)
    {
        var folder = SweepFolder.Open(path);
        var single = new TrialFolder(folder.Path);
        return single.Exists ? [Trial.Read(single)] : folder.Trials().Select(Trial.Read);
    }

    /// <summary>What starting a plan would run, with an estimate of the time of each; writes nothing.</summary>
    /// <param name="plan">The trials.</param>
    /// <param name="path">The folder, which need not exist.</param>
    /// <param name="options">How they would be run.</param>
    /// <param name="cancellation">Stops the measurement of the speed.</param>
    /// <returns>The trials that are not done.</returns>
    /// <exception cref="SlcException">Where the plan cannot be trained.</exception>
    public static IReadOnlyList<Trial> Preview(SweepPlan plan, string path, SweepOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var folder = new SweepFolder(LocalPath.Resolve(path));
        var estimate = new SweepEstimate(options);
        if (Directory.Exists(folder.Path))
            estimate.Learn(folder.Trials().Select(Trial.Read).Where(trial => trial.Duration is not null));

        var trials = new List<Trial>();
        foreach (var (configuration, dataset) in plan.Find())
        {
            var known = folder.Trial(configuration.Id());
            var trial = known.Exists
                ? Trial.Read(known)
                : new Trial { Id = known.Id, State = TrialState.Pending, Configuration = configuration, Folder = known.Path };
            if (!File.Exists(known.DonePath))
                trials.Add(trial with { Estimate = estimate.Of(configuration, dataset, cancellation) });
        }

        return trials.ToArray();
    }

    /// <summary>Runs one trial from its folder alone, whoever made it.</summary>
    /// <param name="path">The trial's folder.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops within a step; what was learnt is kept.</param>
    /// <returns>The trial when it has ended, or at once where it had.</returns>
    /// <exception cref="SlcException"><c>TrialNotFound</c>, <c>TrialDamaged</c>, <c>TrialClaimed</c>: another process is at it.</exception>
    public static Trial RunTrial(string path, SweepOptions options, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var folder = new TrialFolder(Path.TrimEndingDirectorySeparator(LocalPath.Resolve(path)));
        _ = folder.ReadConfiguration();
        if (File.Exists(folder.DonePath))
            return Trial.Read(folder);
        if (Take(folder, options.StaleAfter, cancellation) is { } claim)
            new TrialRunner(options).Run(folder, claim, progress, cancellation);
        return Trial.Read(folder);
    }

    /// <summary>Asks all who run trials of a sweep to stop, and waits until none runs; each keeps what it learnt.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="patience">How long to wait at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The trials that still run.</returns>
    /// <exception cref="SlcException"><c>SweepNotFound</c>, <c>NotWritable</c>, <c>DiskFull</c>.</exception>
    public static IReadOnlyList<Trial> Stop(string path, TimeSpan patience, CancellationToken cancellation)
    {
        var folder = SweepFolder.Open(path);
        folder.Stop();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var running = folder.Trials().Select(Trial.Read).Where(trial => trial.State == TrialState.Running).ToArray();
            if (running.Length == 0 || clock.Elapsed >= patience)
                return running;
            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static IEnumerable<Trial> Run(
        SweepFolder folder, IEnumerable<TrialFolder> trials, SweepOptions options, Action<SweepProgress>? progress, CancellationToken cancellation)
    {
        using var run = new SweepRun(folder, trials, options, progress);
        foreach (var trial in run.Run(cancellation))
            yield return trial;
    }

    // A process that was started for the trial takes its starter's place; anybody else takes what is free, or finds out whether the
    // owner is alive. Null where the trial was done meanwhile.
    private static Claim? Take(TrialFolder folder, TimeSpan span, CancellationToken cancellation)
    {
        var token = Environment.GetEnvironmentVariable(TrialRunner.ClaimVariable);
        if (!string.IsNullOrEmpty(token))
            return Claim.TryAdopt(folder, token) ?? throw Claimed(folder);
        var watch = new ClaimWatch(span);
        while (!File.Exists(folder.DonePath))
        {
            if (Claim.TryTake(folder, watch) is { } claim)
                return claim;
            if (watch.IsAlive(folder))
                throw Claimed(folder);
            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
            cancellation.ThrowIfCancellationRequested();
        }

        return null;
    }

    private static SlcException Claimed(TrialFolder folder) => new("TrialClaimed", SlcErrorKind.Unavailable,
        $"The trial in '{folder.Path}' is being run by {Trial.Read(folder).Owner ?? "another process"}. Wait for it, or stop it (Stop-SlcSweep).", folder.Path);
}
