using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;

namespace LogitSeparation.Core.Sweeps;

/// <summary>One trial of a sweep as it stands: what it is, how far it is, and what came of it.</summary>
public sealed record Trial
{
    /// <summary>The SHA-256 of its configuration: the name of its folder.</summary>
    public required string Id { get; init; }

    /// <summary>How far it is.</summary>
    public required TrialState State { get; init; }

    /// <summary>All that decides its outcome; null where it is damaged.</summary>
    public required TrialConfiguration? Configuration { get; init; }

    /// <summary>Its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The name of the data set; null where the trial is damaged, as the properties that follow.</summary>
    public string? Dataset => Configuration?.Dataset.Name;

    /// <summary>The loss.</summary>
    public string? Loss => Configuration?.Loss;

    /// <summary>The learning rate.</summary>
    public double? LearningRate => Configuration?.Training.LearningRate[0];

    /// <summary>The seed of the training.</summary>
    public int? Seed => Configuration?.Training.Seed;

    /// <summary>The number of steps of the training.</summary>
    public int? Step => Configuration?.Training.StepCount;

    /// <summary>
    /// What distinguishes it beside these: the parameters of training and loss that differ among the trials of its sweep, and those that do
    /// not have their default, by their names and with their values.
    /// </summary>
    public IReadOnlyDictionary<string, object> Parameter { get; init; } = new Dictionary<string, object>();

    /// <summary>The number of steps that it has taken: as last said where it runs, by its checkpoint where it was stopped.</summary>
    public int CompletedStep { get; init; }

    /// <summary>The steps a second, where it runs and has said so; null otherwise.</summary>
    public double? StepsPerSecond { get; init; }

    /// <summary>When its process last showed that it is alive, by the clock of the folder's file system; null where it has ended or nobody began.</summary>
    public DateTimeOffset? LastBeat { get; init; }

    /// <summary>The points of its training so far: of a trial that runs, those up to the last checkpoint. Read from its folder.</summary>
    public IReadOnlyList<HistoryPoint> History => TrialHistory.Read(new TrialFolder(Folder).HistoryPath);

    /// <summary>What was measured on the test split: single logits first, and for CE those normalised over all classes. Empty before, and where there is none.</summary>
    public IReadOnlyList<SlcMetrics> Metrics { get; init; } = [];

    /// <summary>What was measured on the validation split, as <see cref="Metrics"/>.</summary>
    public IReadOnlyList<SlcMetrics> ValidationMetrics { get; init; } = [];

    /// <summary>Whether the principle holds on the test split, and by how much; null before, and for a trial that an older version measured.</summary>
    public SeparationSummary? Separation { get; init; }

    /// <summary>The same on the validation split.</summary>
    public SeparationSummary? ValidationSeparation { get; init; }

    /// <summary>Mean average precision of single logits on the test split; null before.</summary>
    public double? Auprc => Single?.Auprc;

    /// <summary>The precision at recall 0.9 on the test split; null before.</summary>
    public double? PrecisionAt90 => Single?.PrecisionAt90;

    /// <summary>The precision at recall 0.99 on the test split; null before.</summary>
    public double? PrecisionAt99 => Single?.PrecisionAt99;

    /// <summary>The accuracy on the test split; null before.</summary>
    public double? Accuracy => Single?.Accuracy;

    /// <summary>The accuracy on the validation split; null before, and where there is none.</summary>
    public double? ValidationAccuracy => Validation?.Accuracy;

    /// <summary>Mean average precision of single logits on the validation split; null before, and where there is none.</summary>
    public double? ValidationAuprc => Validation?.Auprc;

    /// <summary>The device that it was trained on; null before.</summary>
    public string? Device { get; init; }

    /// <summary>The number of threads that it was trained with; null before.</summary>
    public int? ThreadCount { get; init; }

    /// <summary>The time that the training took; null before.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The time that it is expected to take; null where nobody asked.</summary>
    public TimeSpan? Estimate { get; init; }

    /// <summary>Who runs it, or ran it last: machine and process; null where nobody began.</summary>
    public string? Owner { get; init; }

    /// <summary>The identifier of the error, where it failed or is damaged.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The error, where it failed or is damaged.</summary>
    public string? Error { get; init; }

    /// <summary>The file of its model; null before there is one.</summary>
    public string? ModelPath { get; init; }

    private SlcMetrics? Single => Metrics.Count > 0 ? Metrics[0] : null;

    private SlcMetrics? Validation => ValidationMetrics.Count > 0 ? ValidationMetrics[0] : null;

    /// <summary>The trained model.</summary>
    /// <exception cref="SlcException"><c>FileNotFound</c> where there is none yet, and those of <see cref="ModelFile.Import"/>.</exception>
    public Model ReadModel() => ModelFile.Import(ModelPath ?? new TrialFolder(Folder).ModelPath);

    /// <inheritdoc/>
    public override string ToString() => $"{Configuration?.ToString() ?? $"The trial in '{Folder}'"} ({State})";

    /// <summary>A trial as it stands.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="parameters">What distinguishes the trials of its sweep; null for what is not by default.</param>
    /// <exception cref="SlcException"><c>TrialNotFound</c>.</exception>
    internal static Trial Read(TrialFolder folder, TrialParameters? parameters = null)
    {
        var configuration = folder.TryReadConfiguration(out var damage);
        var number = folder.NewestClaim();
        var claim = number < 0 ? null : folder.ReadClaim(number);
        var trial = new Trial
        {
            Id = folder.Id,
            State = TrialState.Damaged,
            Configuration = configuration,
            Folder = folder.Path,
            Owner = claim?.Owner is null ? null : FormattableString.Invariant($"{claim.Owner.Host.Split(' ')[0]} {claim.Owner.Process}"),
            ErrorId = damage?.ErrorId,
            Error = damage?.Message,
            ModelPath = File.Exists(folder.ModelPath) ? folder.ModelPath : null,
        };
        return configuration is null
            ? trial
            : Add(trial with { Parameter = (parameters ?? TrialParameters.None).Of(configuration) }, folder, number, claim);
    }

    private static Trial Add(Trial trial, TrialFolder folder, int number, ClaimNote? claim)
    {
        var done = folder.ReadDone();
        var metrics = done is { State: TrialState.Done } ? TrialMetrics.TryRead(folder.MetricsPath) : null;
        if (metrics is not null)
        {
            var setting = RunSetting.Of(trial.Configuration!.Training, trial.Configuration.Loss, trial.Configuration.LossOptions);
            return trial with
            {
                State = TrialState.Done,
                Metrics = Set(metrics.Test, setting),
                ValidationMetrics = Set(metrics.Validation, setting),
                Separation = metrics.TestSeparation,
                ValidationSeparation = metrics.ValidationSeparation,
                Device = metrics.Device,
                ThreadCount = metrics.ThreadCount,
                Duration = TimeSpan.FromSeconds(metrics.Seconds),
                CompletedStep = trial.Step!.Value,
            };
        }

        var failed = done is { State: TrialState.Failed } ? done : folder.ReadFailed();
        if (failed is not null && (failed == done || claim is null || claim.Token == failed.Token))
            return trial with { State = TrialState.Failed, ErrorId = failed.ErrorId, Error = failed.Error };
        return AddProgress(trial with { State = BeforeEnd(number, claim) }, folder);
    }

    private static SlcMetrics[] Set(IReadOnlyList<SlcMetrics> metrics, RunSetting setting) => [.. metrics.Select(item => item with { Setting = setting })];

    private static Trial AddProgress(Trial trial, TrialFolder folder)
    {
        var saved = RunFiles.NewestStep(folder.CheckpointPath, index: 0);
        var beat = trial.State == TrialState.Running ? TrialHeartbeat.TryRead(folder) : null;
        return trial with
        {
            CompletedStep = Math.Max(saved, beat?.Step ?? 0),
            StepsPerSecond = beat?.StepsPerSecond,
            LastBeat = File.Exists(folder.HeartbeatPath) ? new DateTimeOffset(File.GetLastWriteTimeUtc(folder.HeartbeatPath)).ToLocalTime() : null,
        };
    }

    // Whether a process of another host is alive takes time to see; until then it is taken to be.
    private static TrialState BeforeEnd(int number, ClaimNote? claim)
    {
        if (number < 0)
            return TrialState.Pending;
        return claim is { IsReleased: true } || claim?.Owner?.IsGone == true ? TrialState.Stopped : TrialState.Running;
    }
}
