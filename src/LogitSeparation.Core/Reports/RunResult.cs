using System.Text.Json.Serialization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// What is known of one model (or table of logits, or trial) when it is compared with others: what it was made with, and what was
/// measured. Everything but the score may be unknown; figures and reports leave out what is.
/// </summary>
public sealed record RunResult
{
    /// <summary>The data set.</summary>
    public string? Dataset { get; init; }

    /// <summary>The split that was measured.</summary>
    public Split? Split { get; init; }

    /// <summary>The loss that the model was trained with.</summary>
    public string? Loss { get; init; }

    /// <summary>What examples were ranked by.</summary>
    public MetricsScore Score { get; init; }

    /// <summary>The learning rate.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The seed of the training.</summary>
    public int? Seed { get; init; }

    /// <summary>The number of steps taken.</summary>
    public int? Step { get; init; }

    /// <summary>What else the model was trained with.</summary>
    [JsonIgnore]
    public RunSetting? Setting { get; init; }

    /// <summary>The file that the logits were read from; null where they come from a model.</summary>
    public string? Source { get; init; }

    /// <summary>Mean average precision, 0 … 1.</summary>
    public double? Auprc { get; init; }

    /// <summary>Mean highest precision at recall 0.9 or more.</summary>
    public double? PrecisionAt90 { get; init; }

    /// <summary>Mean highest precision at recall 0.99 or more.</summary>
    public double? PrecisionAt99 { get; init; }

    /// <summary>The share of examples whose largest logit is the true one.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The smallest true logit minus the largest false one.</summary>
    public double? Margin { get; init; }

    /// <summary>The share of pairs of a true and a false logit that are in the wrong order.</summary>
    public double? ViolatingShare { get; init; }

    /// <summary>All measures, of which those above are the most asked for; null where they are not known.</summary>
    public SlcMetrics? Metrics { get; init; }

    /// <summary>Bootstrap intervals of the measures over the examples, by name; null where there are none.</summary>
    public IReadOnlyDictionary<string, ConfidenceInterval>? Interval { get; init; }

    /// <summary>Loss and validation accuracy during training; empty where not known.</summary>
    public IReadOnlyList<HistoryPoint> History { get; init; } = [];

    /// <summary>How the model was made; null where not known.</summary>
    public RunOrigin? Origin { get; init; }

    /// <summary>The loss as it is named in tables: that of all logits is a row of its own (the paper's "CE with all logits").</summary>
    public string Name => Score == MetricsScore.AllLogits ? $"{Family ?? "logits"}, all logits" : Family ?? "logits";

    /// <summary>What runs of one kind share: their loss, or where it is not known the name of the file that they come from.</summary>
    internal string? Family => RunSource.Name(Loss, Source);

    /// <summary>One of the measures.</summary>
    /// <param name="measure">Which.</param>
    public double? this[ReportMeasure measure] => measure switch
    {
        ReportMeasure.Auprc => Auprc,
        ReportMeasure.PrecisionAt90 => PrecisionAt90,
        ReportMeasure.PrecisionAt99 => PrecisionAt99,
        ReportMeasure.Accuracy => Accuracy,
        _ => Margin,
    };

    /// <inheritdoc/>
    public override string ToString() => Dataset is null ? Name : $"{Name} on {Dataset}";
}
