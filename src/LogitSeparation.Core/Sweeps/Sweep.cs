using LogitSeparation.Core.Data;
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
        Validate(plan, path, options);
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
        return Read(ids.Select(folder.Trial).ToArray());
    }

    /// <summary>Goes on with all trials of a folder, or with some of them.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="ids">The names of the trials' folders, in the order in which they are taken; null for all.</param>
    /// <param name="options">How to run them.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops within a step; what was learnt is kept.</param>
    /// <returns>Each trial, when it has ended, or at once where it had or is damaged.</returns>
    /// <exception cref="SlcException">
    /// <c>SweepNotFound</c>, <c>TrialNotFound</c>, <c>PathEmpty</c>, <c>PathInvalid</c>; and at once what is wrong with all trials: the device,
    /// or what it cannot compute.
    /// </exception>
    public static IEnumerable<Trial> Resume(
        string path, IReadOnlyList<string>? ids, SweepOptions options, Action<SweepProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var folder = SweepFolder.Open(path);
        var trials = Choose(folder, ids);
        var left = trials.Where(trial => !trial.IsDone).Select(trial => (Trial: trial, Configuration: trial.TryReadConfiguration(out _)))
            .Where(item => item.Configuration is not null).ToArray();
        options.ValidateDevice([.. left.Select(item => item.Configuration!.Training)], all: false);
        folder.Begin();
        foreach (var (trial, configuration) in left)
            Locate(trial, configuration!, options);
        return Run(folder, trials, options, progress, cancellation);
    }

    /// <summary>The trials of a folder as they stand, in the order of their grid; or the one trial whose folder it is.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="SlcException"><c>SweepNotFound</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static IEnumerable<Trial> Trials(string path)
    {
        var folder = SweepFolder.Open(path);
        var single = new TrialFolder(folder.Path);
        return single.Exists ? [Trial.Read(single)] : Read(folder.Trials().ToArray()).Order(new GridOrder()).ToArray();
    }

    /// <summary>What starting a plan would run, with an estimate of the time of each; writes nothing.</summary>
    /// <param name="plan">The trials.</param>
    /// <param name="path">The folder, which need not exist.</param>
    /// <param name="options">How they would be run.</param>
    /// <param name="cancellation">Stops the measurement of the speed.</param>
    /// <returns>The trials that are neither done nor run by others now.</returns>
    /// <exception cref="SlcException">Where the plan cannot be trained.</exception>
    public static IReadOnlyList<Trial> Preview(SweepPlan plan, string path, SweepOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Validate(plan, path, options);
        var trials = plan.Find().Select(item => (item.Configuration, new Func<Dataset>(() => item.Dataset)));
        return new SweepPreview(new(LocalPath.Resolve(path)), options).List([.. trials], cancellation);
    }

    /// <summary>What going on with trials of a folder would run, with an estimate of the time of each; writes nothing.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="ids">The names of the trials' folders; null for all.</param>
    /// <param name="options">How they would be run.</param>
    /// <param name="cancellation">Stops the measurement of the speed.</param>
    /// <returns>The trials that are neither done, nor damaged, nor run by others now.</returns>
    /// <exception cref="SlcException">As of <see cref="Resume"/>; and of opening a data set, where its speed has to be measured.</exception>
    public static IReadOnlyList<Trial> Preview(string path, IReadOnlyList<string>? ids, SweepOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var folder = SweepFolder.Open(path);
        var trials = Choose(folder, ids).Select(trial => (Trial: trial, Configuration: trial.TryReadConfiguration(out _))).Where(item => item.Configuration is not null).ToArray();
        options.ValidateDevice([.. trials.Where(item => !item.Trial.IsDone).Select(item => item.Configuration!.Training)], all: false);
        return new SweepPreview(folder, options).List(
            [.. trials.Select(item => (item.Configuration!, new Func<Dataset>(() => options.FindDataset(item.Trial.ReadDataset(item.Configuration!), cancellation))))], cancellation);
    }

    /// <summary>How long trials take together: each process takes the next one when it is through with its last.</summary>
    /// <param name="trials">What <see cref="Preview(SweepPlan, string, SweepOptions, CancellationToken)"/> gave, in order.</param>
    /// <param name="options">How they would be run.</param>
    public static TimeSpan TotalTime(IReadOnlyList<Trial> trials, SweepOptions options)
    {
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentNullException.ThrowIfNull(options);
        var busyUntil = new TimeSpan[options.ProcessCount(trials.Count)];
        foreach (var trial in trials)
        {
            var first = Array.IndexOf(busyUntil, busyUntil.Min());
            busyUntil[first] += trial.Estimate ?? TimeSpan.Zero;
        }

        return busyUntil.Max();
    }

    /// <summary>Runs one trial from its folder alone, whoever made it.</summary>
    /// <param name="path">The trial's folder.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <param name="cancellation">Stops within a step; what was learnt is kept.</param>
    /// <returns>The trial when it has ended, or at once where it had.</returns>
    /// <exception cref="SlcException">
    /// <c>TrialNotFound</c>, <c>TrialDamaged</c>; <c>TrialClaimed</c>: another process is at it; <c>DatasetChanged</c>: data sets were given, and
    /// none is the trial's.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped, by the token or by a file.</exception>
    public static Trial RunTrial(string path, SweepOptions options, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var folder = new TrialFolder(Path.TrimEndingDirectorySeparator(LocalPath.Resolve(path)));
        var configuration = folder.ReadConfiguration();
        if (folder.IsDone)
            return Trial.Read(folder);
        if (options.Dataset.Count > 0 && options.FindPlace(configuration.Dataset) is null)
        {
            throw new SlcException("DatasetChanged", SlcErrorKind.InvalidData,
                $"The trial in '{folder.Path}' is of the data set {configuration.Dataset.Name} with the checksum {configuration.Dataset.Checksum}, and " +
                $"{string.Join(", ", options.Dataset)} is other data. Give the data set that the trial was made with.", folder.Path);
        }

        options.ValidateDevice([configuration.Training], all: true);
        if (Take(folder, options, cancellation) is { } claim)
        {
            Locate(folder, configuration, options);
            Run(folder, claim, options, progress, cancellation);
        }

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
            var running = folder.Trials().Select(trial => Trial.Read(trial)).Where(trial => trial.State == TrialState.Running).ToArray();
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

    private static void Run(
        TrialFolder folder, Claim claim, SweepOptions options, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            new TrialRunner(options).Run(folder, claim, progress, cancellation);
        }
        catch (SlcException held) when (held.ErrorId == CheckpointFolder.InUseId)
        {
            throw Claimed(folder);
        }
    }

    private static void Validate(SweepPlan plan, string path, SweepOptions options)
    {
        var folder = new SweepFolder(LocalPath.Resolve(path));
        options.ValidateDevice([.. plan.Trials().Where(trial => !folder.Trial(trial.Id()).IsDone).Select(trial => trial.Training)], all: true);
    }

    private static TrialFolder[] Choose(SweepFolder folder, IReadOnlyList<string>? ids) => ids is not null
        ? [.. ids.Select(folder.Trial)]
        : [.. Read(folder.Trials().ToArray()).Order(new GridOrder()).Select(trial => folder.Trial(trial.Id))];

    private static Trial[] Read(TrialFolder[] folders)
    {
        var parameters = new TrialParameters(folders.Select(folder => folder.TryReadConfiguration(out _)).OfType<TrialConfiguration>());
        return Array.ConvertAll(folders, folder => Trial.Read(folder, parameters));
    }

    // So that the processes of trials find it too.
    private static void Locate(TrialFolder folder, TrialConfiguration configuration, SweepOptions options)
    {
        if (options.FindPlace(configuration.Dataset) is { } place)
            folder.Locate(place);
    }

    // A process that was started for the trial takes its starter's place; anybody else takes what is free, or finds out whether the
    // owner is alive. Null where the trial was done meanwhile.
    private static Claim? Take(TrialFolder folder, SweepOptions options, CancellationToken cancellation)
    {
        var token = Environment.GetEnvironmentVariable(TrialRunner.ClaimVariable);
        if (!string.IsNullOrEmpty(token))
            return Claim.TryAdopt(folder, token) ?? throw Claimed(folder);
        var watch = new ClaimWatch(options.StaleAfter, options.GoneAfter);
        while (!folder.IsDone)
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
