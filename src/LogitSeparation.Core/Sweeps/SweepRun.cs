using System.Diagnostics;
using LogitSeparation.Core.Training;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// Brings trials of a folder to their end, beside whoever else is at it: takes those that are free, and waits for those that
/// others have, to take them over should their owners be lost.
/// </summary>
internal sealed class SweepRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly SweepFolder _folder;
    private readonly SweepOptions _options;
    private readonly ClaimWatch _watch;
    private readonly List<TrialFolder> _waiting;
    private readonly Dictionary<string, string?> _oldFailures;
    private readonly Dictionary<string, int?> _steps;
    private readonly TrialParameters _parameters;
    private readonly int _processCount;
    private readonly List<TrialProcess> _processes = [];
    private readonly Action<SweepProgress>? _progress;
    private readonly long _allSteps;
    private readonly int _count;

    /// <summary>Prepares a run.</summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="trials">The trials, in the order in which they are taken.</param>
    /// <param name="options">How to run them.</param>
    /// <param name="progress">Called on the calling thread a few times a second; may be null.</param>
    /// <exception cref="SlcException"><c>TrialNotFound</c>.</exception>
    public SweepRun(SweepFolder folder, IEnumerable<TrialFolder> trials, SweepOptions options, Action<SweepProgress>? progress)
    {
        (_folder, _options, _progress) = (folder, options, progress);
        _watch = new(options.StaleAfter, options.GoneAfter);
        _waiting = [.. trials];
        _count = _waiting.Count;
        var configurations = _waiting.ToDictionary(trial => trial.Path, trial => trial.TryReadConfiguration(out _));
        _steps = configurations.ToDictionary(item => item.Key, item => item.Value?.Training.StepCount);
        _parameters = new(configurations.Values.OfType<TrialConfiguration>());
        _allSteps = Math.Max(1, _steps.Values.Sum(steps => (long)(steps ?? 0)));
        _processCount = options.ProcessCount(_waiting.Count(trial => !trial.IsDone));

        // What failed before this run began is tried again, once.
        _oldFailures = _waiting.ToDictionary(trial => trial.Path, trial => trial.ReadFailed()?.Token);
    }

    /// <summary>Runs; gives each trial when it has ended, whoever ran it.</summary>
    /// <param name="cancellation">Stops within a step; what was learnt is kept.</param>
    /// <exception cref="OperationCanceledException">It was cancelled, or the sweep was asked to stop.</exception>
    public IEnumerable<Trial> Run(CancellationToken cancellation)
    {
        while (true)
        {
            foreach (var ended in _waiting.Where(HasEnded).ToArray())
            {
                _waiting.Remove(ended);
                yield return Trial.Read(ended, _parameters);
            }

            if (_waiting.Count == 0)
                yield break;
            cancellation.ThrowIfCancellationRequested();
            if (_folder.IsStopped)
                throw new OperationCanceledException($"The sweep in '{_folder.Path}' was asked to stop.");
            if (!Advance(cancellation))
                cancellation.WaitHandle.WaitOne(PollInterval);
        }
    }

    /// <summary>Ends the processes that are left: each keeps what it learnt.</summary>
    public void Dispose()
    {
        foreach (var process in _processes)
            process.RequestStop();

        // They end side by side, so all are waited for as long as one would be.
        var clock = Stopwatch.StartNew();
        foreach (var process in _processes)
        {
            process.End(clock.Elapsed < Patience ? Patience - clock.Elapsed : TimeSpan.Zero);
            process.Dispose();
        }

        _processes.Clear();
    }

    // What is damaged nobody can run.
    private bool HasEnded(TrialFolder trial) =>
        _steps[trial.Path] is null || trial.IsDone || (trial.ReadFailed() is { } failed && failed.Token != _oldFailures[trial.Path]);

    // Whether something was done, so that there may be more to do at once.
    private bool Advance(CancellationToken cancellation)
    {
        if (_options.ThrottleLimit > 0)
            return AdvanceProcesses();
        var (trial, claim) = TakeNext();
        if (trial is null)
        {
            Report("", 0, null);
            return false;
        }

        RunHere(trial, claim!, cancellation);
        return true;
    }

    private void RunHere(TrialFolder trial, Claim claim, CancellationToken cancellation)
    {
        try
        {
            new TrialRunner(_options).Run(trial, claim, _progress is null ? null : Report, cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The sweep was asked to stop, or another took the trial: the loop sees to either.
        }
        catch (SlcException held) when (held.ErrorId == CheckpointFolder.InUseId)
        {
            // It is not free yet: its turn comes again.
            cancellation.WaitHandle.WaitOne(PollInterval);
        }

        void Report(TrainingProgress training) => this.Report(
            FormattableString.Invariant($"{training.LossName}, learning rate {training.LearningRate}: step {training.Step}/{training.StepCount}, loss {training.Loss:g4}, {training.StepsPerSecond:f0} steps/s"),
            training.Step, training.StepsPerSecond);
    }

    private bool AdvanceProcesses()
    {
        foreach (var process in _processes.Where(process => process.HasExited).ToArray())
        {
            process.Settle();
            process.Dispose();
            _processes.Remove(process);
        }

        var isStarted = false;
        while (_processes.Count < _options.ThrottleLimit && TakeNext() is (not null, not null) taken)
        {
            _processes.Add(TrialProcess.Start(taken.Trial!, taken.Claim!, _options.StartProcess!(taken.Trial!.Path), _processCount));
            isStarted = true;
        }

        ReportProcesses();
        return isStarted;
    }

    private (TrialFolder? Trial, Claim? Claim) TakeNext()
    {
        foreach (var trial in _waiting)
        {
            if (!_processes.Exists(process => process.Folder == trial) && !HasEnded(trial) && Claim.TryTake(trial, _watch) is { } claim)
                return (trial, claim);
        }

        return (null, null);
    }

    private void ReportProcesses()
    {
        if (_progress is null)
            return;
        var status = _processes.Select(process => TrialHeartbeat.TryRead(process.Folder)).OfType<TrialHeartbeat>().ToArray();
        var speed = status.Sum(item => item.StepsPerSecond);
        Report(FormattableString.Invariant($"{_processes.Count} processes, {speed:f0} steps/s"), status.Sum(item => (long)item.Step), speed > 0 ? speed : null);
    }

    private void Report(string running, long stepsInWork, double? speed)
    {
        if (_progress is null)
            return;
        var left = _waiting.Sum(trial => (long)(_steps[trial.Path] ?? 0)) - stepsInWork;
        var seconds = speed is > 0 ? left / speed.Value : double.NaN;
        _progress(new(_count - _waiting.Count, _count, running, 1 - ((double)left / _allSteps), seconds is >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null));
    }
}
