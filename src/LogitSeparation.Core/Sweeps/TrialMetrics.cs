using System.Text.Json;
using System.Text.Json.Serialization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Sweeps;

/// <summary>What stands in a trial's <c>metrics.json</c>: what was measured of its model, and under which circumstances it was trained.</summary>
internal sealed record TrialMetrics
{
    private static readonly JsonSerializerOptions Json = new(ModelFile.Json)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>On the test split: single logits, and for CE those normalised over all classes; empty where there is none.</summary>
    public required IReadOnlyList<SlcMetrics> Test { get; init; }

    /// <summary>On the validation split; empty where there is none.</summary>
    public required IReadOnlyList<SlcMetrics> Validation { get; init; }

    /// <summary>Whether the principle holds on the test split; null where there is none, or in a file that is older than this.</summary>
    public SeparationSummary? TestSeparation { get; init; }

    /// <summary>The same of the validation split.</summary>
    public SeparationSummary? ValidationSeparation { get; init; }

    /// <summary>The number of threads that libtorch used.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>The device.</summary>
    public required string Device { get; init; }

    /// <summary>The time that the training took.</summary>
    public required double Seconds { get; init; }

    /// <summary>The version of this software.</summary>
    public required string Version { get; init; }

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">What it was trained on.</param>
    /// <param name="cancellation">Stops within a block of logits.</param>
    public static TrialMetrics Measure(Model model, Dataset dataset, CancellationToken cancellation)
    {
        var test = dataset.Test.Count > 0 ? Measure(model, dataset, Split.Test, cancellation) : null;
        var validation = dataset.Validation.Count > 0 ? Measure(model, dataset, Split.Validation, cancellation) : null;
        return new()
        {
            Test = Metrics(test),
            Validation = Metrics(validation),
            TestSeparation = test is null ? null : SeparationSummary.Of(test.Separation),
            ValidationSeparation = validation is null ? null : SeparationSummary.Of(validation.Separation),
            ThreadCount = model.ThreadCount,
            Device = model.Training.Device,
            Seconds = model.Duration.TotalSeconds,
            Version = model.Version,
        };
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, Json));

    /// <summary>Reads the file; null where it is not there or not readable.</summary>
    public static TrialMetrics? TryRead(string path)
    {
        try
        {
            var metrics = File.Exists(path) ? JsonSerializer.Deserialize<TrialMetrics>(File.ReadAllBytes(path), Json) : null;
            return metrics is { Test: not null, Validation: not null }
                ? metrics with { Test = Complete(metrics.Test), Validation = Complete(metrics.Validation) }
                : null;
        }
        catch (Exception exception) when (exception is JsonException || FileFailure.IsFileFailure(exception))
        {
            return null;
        }
    }

    private static SlcMetrics[] Complete(IReadOnlyList<SlcMetrics> metrics) => [.. metrics.Select(MetricsAverages.Complete)];

    private static SlcMetrics[] Metrics(LogitEvaluation? measured) => measured switch
    {
        null => [],
        { AllLogits: { } all } => [measured.Metrics, all],
        _ => [measured.Metrics],
    };

    private static LogitEvaluation Measure(Model model, Dataset dataset, Split split, CancellationToken cancellation)
    {
        var logits = new ModelLogits(model, dataset, split, model.Training.Device, cancellation);
        return LogitEvaluation.Measure(logits, witnessCount: 0, allLogits: LossCatalog.IsAlsoNormalized(model.Loss), cancellationToken: cancellation);
    }
}
