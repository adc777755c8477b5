using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Sweeps;

/// <summary>One trial of a sweep as it stands: what it is, how far it is, and what came of it.</summary>
public sealed record Trial
{
    /// <summary>The SHA-256 of its configuration: the name of its folder.</summary>
    public required string Id { get; init; }

    /// <summary>How far it is.</summary>
    public required TrialState State { get; init; }

    /// <summary>All that decides its outcome.</summary>
    public required TrialConfiguration Configuration { get; init; }

    /// <summary>Its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The name of the data set.</summary>
    public string Dataset => Configuration.Dataset.Name;

    /// <summary>The loss.</summary>
    public string Loss => Configuration.Loss;

    /// <summary>The learning rate.</summary>
    public double LearningRate => Configuration.Training.LearningRate[0];

    /// <summary>The seed of the training.</summary>
    public int Seed => Configuration.Training.Seed;

    /// <summary>The number of steps of the training.</summary>
    public int Step => Configuration.Training.StepCount;

    /// <summary>What was measured on the test split: single logits first, and for CE those normalised over all classes. Empty before.</summary>
    public IReadOnlyList<SlcMetrics> Metrics { get; init; } = [];

    /// <summary>What was measured on the validation split, as <see cref="Metrics"/>.</summary>
    public IReadOnlyList<SlcMetrics> ValidationMetrics { get; init; } = [];

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

    /// <summary>The number of threads that it was trained with; null before.</summary>
    public int? ThreadCount { get; init; }

    /// <summary>The time that the training took; null before.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The time that it is expected to take; null where nobody asked.</summary>
    public TimeSpan? Estimate { get; init; }

    /// <summary>Who runs it, or ran it last: machine and process; null where nobody began.</summary>
    public string? Owner { get; init; }

    /// <summary>The identifier of the error, where it failed.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The error, where it failed.</summary>
    public string? Error { get; init; }

    /// <summary>The file of its model; null before there is one.</summary>
    public string? ModelPath { get; init; }

    private SlcMetrics? Single => Metrics.Count > 0 ? Metrics[0] : null;

    private SlcMetrics? Validation => ValidationMetrics.Count > 0 ? ValidationMetrics[0] : null;

    /// <summary>The trained model.</summary>
    /// <exception cref="SlcException"><c>FileNotFound</c> where there is none yet, and those of <see cref="ModelFile.Import"/>.</exception>
    public Model ReadModel() => ModelFile.Import(ModelPath ?? new TrialFolder(Folder).ModelPath);

    /// <inheritdoc/>
    public override string ToString() => $"{Configuration} ({State})";

    /// <summary>A trial as it stands.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="SlcException"><c>TrialNotFound</c>, <c>TrialDamaged</c>, <c>FileUnreadable</c>.</exception>
    internal static Trial Read(TrialFolder folder)
    {
        var configuration = folder.ReadConfiguration();
        var done = folder.ReadDone();
        var end = done ?? folder.ReadFailed();
        var number = folder.NewestClaim();
        var claim = number < 0 ? null : folder.ReadClaim(number);
        var state = end is not null && (done is not null || claim is null || claim.Token == end.Token) ? end.State : BeforeEnd(number, claim);
        var metrics = state == TrialState.Done ? TrialMetrics.TryRead(folder.MetricsPath) : null;
        return new()
        {
            Id = folder.Id,
            State = state,
            Configuration = configuration,
            Folder = folder.Path,
            Metrics = metrics?.Test.ToArray() ?? [],
            ValidationMetrics = metrics?.Validation.ToArray() ?? [],
            ThreadCount = metrics?.ThreadCount,
            Duration = metrics is null ? null : TimeSpan.FromSeconds(metrics.Seconds),
            Owner = claim?.Owner is null ? null : FormattableString.Invariant($"{claim.Owner.Host.Split(' ')[0]} {claim.Owner.Process}"),
            ErrorId = state == TrialState.Failed ? end?.ErrorId : null,
            Error = state == TrialState.Failed ? end?.Error : null,
            ModelPath = File.Exists(folder.ModelPath) ? folder.ModelPath : null,
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
